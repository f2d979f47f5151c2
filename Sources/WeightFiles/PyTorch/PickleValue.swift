/// What a pickle can hold that a file of tensors needs.
indirect enum PickleValue {
    case none
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case tuple([PickleValue])
    case list(PickleList)
    case dictionary(PickleDictionary)
    /// A name of Python's that may be called; nothing is ever called, each has a meaning of its own here.
    case global(PickleGlobal)
    case storage(PickleStorage)
    case tensor(PickleTensor)

    /// The kind, for messages.
    var kind: String {
        switch self {
        case .none: "None"
        case .boolean: "a truth value"
        case .integer: "a whole number"
        case .number: "a number"
        case .text: "a text"
        case .tuple: "a tuple"
        case .list: "a list"
        case .dictionary: "a dictionary"
        case .global(let global): global.name
        case .storage: "a storage"
        case .tensor: "a tensor"
        }
    }
}

/// A list, which a pickle fills after it has named it.
final class PickleList {
    var items: [PickleValue] = []
}

/// A dictionary with texts or whole numbers as keys, which a pickle fills after it has named it.
final class PickleDictionary {
    var items: [(key: String, value: PickleValue)] = []
}

/// The values of one or several tensors: a file of the archive.
struct PickleStorage {
    let type: TensorType
    /// The name of the file below `data/`.
    let key: String
    /// The number of values.
    let count: Int
}

/// A view of a storage.
struct PickleTensor {
    let storage: PickleStorage
    /// The first value.
    let offset: Int
    let shape: [Int]
    /// The values between neighbours along each dimension.
    let strides: [Int]
}

/// The names that may stand in a file of tensors.
enum PickleGlobal: Hashable {
    /// A dictionary that keeps its order.
    case orderedDictionary
    /// A tensor from a storage.
    case tensor
    /// A tensor within a parameter.
    case parameter
    /// The type of a storage's values.
    case storage(TensorType)

    init?(_ module: String, _ name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .tensor
        case ("torch._utils", "_rebuild_parameter"): self = .parameter
        case ("torch", _):
            guard let type = Self.types[name] else { return nil }
            self = .storage(type)
        default: return nil
        }
    }

    private static let types: [String: TensorType] = [
        "DoubleStorage": .f64, "FloatStorage": .f32, "HalfStorage": .f16, "BFloat16Storage": .bf16, "LongStorage": .i64,
        "IntStorage": .i32, "ShortStorage": .i16, "CharStorage": .i8, "ByteStorage": .u8, "BoolStorage": .boolean,
    ]

    /// The name, for messages.
    var name: String {
        switch self {
        case .orderedDictionary: "collections.OrderedDict"
        case .tensor: "torch._utils._rebuild_tensor_v2"
        case .parameter: "torch._utils._rebuild_parameter"
        case .storage(let type): "a storage of \(type.rawValue)"
        }
    }
}
