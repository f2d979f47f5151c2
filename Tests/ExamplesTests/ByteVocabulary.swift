import Elements

/// Tokens with given bytes, for tests.
struct ByteVocabulary: TokenDecoder {
    let table: [[UInt8]]
    var special: Set<UInt32> = []

    init(_ texts: [String]) { table = texts.map { Array($0.utf8) } }
    init(bytes: [[UInt8]]) { table = bytes }

    var count: Int { table.count }
    func bytes(of token: UInt32) -> [UInt8] { Int(token) < table.count ? table[Int(token)] : [] }
    func isSpecial(_ token: UInt32) -> Bool { special.contains(token) }
}
