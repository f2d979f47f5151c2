import Elements
import Hashing
import Testing

@testable import Records

/// The records that `Tests/Golden/records/make.py` writes, and what tests make of them.
enum SampleRecords {
    static func contexts() throws -> RecordContexts {
        try #require(RecordContexts(tokens: [1, 17, 4_000_000_000, 17, 2], lengths: [3, 2], prefixes: [1, 0]))
    }

    private static func header(_ values: ValueType, coder: String, width: Int) -> RecordHeader {
        RecordHeader(
            time: coder.isEmpty ? 1_700_000_000_123 : nil,
            document: coder.isEmpty ? nil : Hash128("ffeeddccbbaa99887766554433221100"), model: "a/model",
            modelDigest: Hash128("0123456789abcdeffedcba9876543210"), hookpoint: "layers.3", coder: coder,
            coderDigest: coder.isEmpty ? nil : Hash128("00112233445566778899aabbccddeeff"), width: width,
            values: values, id: "Ünïcode", source: "corpus")
    }

    static func activations(_ values: ValueType) throws -> ActivationRecord {
        let vectors: [Float] = [0, -1.5, 65_504, 1, 6e-8, -0.1, 0.333, 2, -3, 1e-3]
        let matrix = try #require(Matrix(rows: 5, columns: 2, values: vectors))
        return try #require(
            ActivationRecord(
                header: header(values, coder: "", width: 2), contexts: try contexts(), activations: matrix))
    }

    static func codes(_ values: ValueType) throws -> CodeRecord {
        try #require(
            CodeRecord(
                header: header(values, coder: "a coder", width: 100_000), contexts: try contexts(),
                rowStarts: [0, 2, 2, 5, 6, 7], latents: [2, 70_000, 0, 1, 99_999, 5, 70_000],
                activations: [0.5, 12.25, 3, 0.1, 1, 65_504, 0.75]))
    }

    /// A record whose checksums are made to fit again.
    static func sealed(_ record: [UInt8]) -> [UInt8] {
        var bytes = record
        let body = Checksum.crc(bytes[20...])
        for byte in 0..<4 { bytes[12 + byte] = UInt8(truncatingIfNeeded: body >> (8 * byte)) }
        let prelude = Checksum.crc(bytes[..<16])
        for byte in 0..<4 { bytes[16 + byte] = UInt8(truncatingIfNeeded: prelude >> (8 * byte)) }
        return bytes
    }

    /// A record with another size in its first bytes, all checksums fitting.
    static func resized(_ record: [UInt8]) -> [UInt8] {
        var bytes = record
        for byte in 0..<4 { bytes[8 + byte] = UInt8(truncatingIfNeeded: record.count >> (8 * byte)) }
        return sealed(bytes)
    }
}

extension Checksum {
    /// Bit by bit, as the naive twin: polynomial 0xedb88320, reflected.
    static func crc(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { rest, _ in rest >> 1 ^ (rest & 1 == 1 ? 0xedb8_8320 : 0) }
        }
    }
}
