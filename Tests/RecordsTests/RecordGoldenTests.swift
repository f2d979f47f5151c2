import Elements
import Hashing
import TestSupport
import Testing

@testable import Records

/// Records as `Tests/Golden/records/make.py` writes them, which knows nothing of this code.
@Suite struct RecordGoldenTests {
    private func golden(_ name: String) throws -> [UInt8] { try Array(GoldenFiles.data("records/\(name).bin")) }

    @Test(arguments: ValueType.allCases) func activationsAreTheSameBytes(values: ValueType) throws {
        #expect(try SampleRecords.activations(values).encoded() == golden("activations-\(values)"))
    }

    @Test(arguments: [ValueType.f16, .f32]) func codesAreTheSameBytes(values: ValueType) throws {
        #expect(try SampleRecords.codes(values).encoded() == golden("codes-\(values)"))
    }

    @Test(arguments: ValueType.allCases) func activationsAreReadAsTheyWereWritten(values: ValueType) throws {
        let written = try SampleRecords.activations(values)
        let read = try ActivationRecord(golden("activations-\(values)"))
        #expect(read.header == written.header && read.contexts == written.contexts)
        #expect((read.activations.rows, read.activations.columns) == (5, 2))
        for (value, original) in zip(read.activations.values, written.activations.values) {
            switch values {
            case .f16: #expect(value == Float(Float16(original)))
            case .bf16: #expect(abs(value - original) <= abs(original) / 256 && value.bitPattern & 0xffff == 0)
            case .f32: #expect(value == original)
            }
        }
    }

    @Test(arguments: [ValueType.f16, .f32]) func codesAreReadAsTheyWereWritten(values: ValueType) throws {
        let written = try SampleRecords.codes(values)
        let read = try CodeRecord(golden("codes-\(values)"))
        #expect(read.header == written.header && read.contexts == written.contexts)
        #expect(read.rowStarts == written.rowStarts && read.latents == written.latents)
        #expect(
            read.activations
                == written.activations.map { values == .f16 ? Float(Float16($0)) : $0 })
    }

    @Test func theTimeIsFoundWithoutReadingTheRest() throws {
        #expect(try RecordHeader.time(ofRecord: golden("activations-f16")) == 1_700_000_000_123)
        #expect(try RecordHeader.time(ofRecord: golden("codes-f16")) == nil)
        #expect(RecordHeader.time(ofRecord: Array("{\"text\": \"no record at all\"}".utf8)) == nil)
        #expect(try RecordHeader.time(ofRecord: Array(golden("activations-f16").prefix(27))) == nil)
    }

    @Test func contextsCarryTheHashOfTheDocumentsOwnTokens() throws {
        let record = try ActivationRecord(golden("activations-f16"))
        let contexts = record.contexts.elements(record.header, time: 5, source: "other")
        let hash = SipHasher.hash128(tokens: [17, 4_000_000_000, 17, 2], key: SipKey(k0: 0, k1: 0))
        // The same in deploy/clients/python/tests.
        #expect("\(hash)" == "64fbeba7da6ccce197326a48bf35ae77")
        #expect(contexts.map(\.tokens) == [[1, 17, 4_000_000_000], [17, 2]])
        #expect(contexts.allSatisfy { $0.document == hash && $0.timestamp == 5 && $0.source == "corpus" })
        let codes = try CodeRecord(golden("codes-f16"))
        let given = codes.contexts.elements(codes.header, time: 5, source: "other")
        #expect(given.map { "\($0.document)" } == [String](repeating: "ffeeddccbbaa99887766554433221100", count: 2))
    }
}
