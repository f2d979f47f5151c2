/// The instructions of a pickle that files of tensors use, by their bytes.
enum PickleInstruction: UInt8 {
    case proto = 0x80
    case frame = 0x95
    case stop = 0x2e
    case mark = 0x28
    case pop = 0x30
    case none = 0x4e
    case newTrue = 0x88
    case newFalse = 0x89
    case binInt = 0x4a
    case binInt1 = 0x4b
    case binInt2 = 0x4d
    case long1 = 0x8a
    case binFloat = 0x47
    case binUnicode = 0x58
    case shortBinUnicode = 0x8c
    case emptyTuple = 0x29
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case tuple = 0x74
    case emptyList = 0x5d
    case append = 0x61
    case appends = 0x65
    case emptyDictionary = 0x7d
    case setItem = 0x73
    case setItems = 0x75
    case global = 0x63
    case stackGlobal = 0x93
    case binPut = 0x71
    case longBinPut = 0x72
    case memoize = 0x94
    case binGet = 0x68
    case longBinGet = 0x6a
    case binPersistentID = 0x51
    case reduce = 0x52
    case build = 0x62

    /// Whether it may make a tuple, a list or a dictionary.
    var makesContainer: Bool {
        switch self {
        case .emptyTuple, .tuple1, .tuple2, .tuple3, .tuple, .emptyList, .emptyDictionary, .reduce: true
        default: false
        }
    }
}
