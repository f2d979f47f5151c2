/// The range of accepted token ids.
struct TokenRange: Sendable {
    private let vocabulary: Int?
    private let limit: UInt64

    init(vocabulary: Int?) {
        self.vocabulary = vocabulary
        limit = min(UInt64(max(vocabulary ?? .max, 0)), UInt64(UInt32.max) + 1)
    }

    /// The token id of a number; `index` is its place in the list, for the message.
    func token(_ value: UInt64, at index: Int) -> Result<UInt32, Fault> {
        guard value < limit else { return .failure(outOfRange("\(value)", at: index)) }
        return .success(UInt32(truncatingIfNeeded: value))
    }

    /// Reads token ids of four little-endian bytes each.
    func unpack(_ bytes: [UInt8]) throws(Fault) -> [UInt32] {
        guard bytes.count.isMultiple(of: 4) else {
            throw Fault(
                .oddLength, "Packed token ids take 4 bytes each, but the value is \(bytes.count) bytes long.")
        }
        let words = bytes.withUnsafeBytes { raw in
            (0..<raw.count / 4).map { UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)) }
        }
        for (index, word) in words.enumerated() where word >= limit { throw outOfRange("\(word)", at: index) }
        return words
    }

    /// The fault for a number that is no token id of the model.
    func outOfRange(_ value: String, at index: Int) -> Fault {
        let allowed = vocabulary.map { "the model has \($0) tokens" } ?? "an id is between 0 and \(UInt32.max)"
        return Fault(.tokenOutOfRange, "Token \(value) at index \(index) is out of range: \(allowed).")
    }
}
