import Elements
import Hashing
import TestSupport
import Testing

@testable import Records

/// Records that are cut, changed or swollen: none is taken for a sound one, and each says what is wrong with it.
@Suite struct HostileRecordTests {
    enum Sample: CaseIterable {
        case activations, codes

        func bytes() throws -> [UInt8] {
            switch self {
            case .activations: try SampleRecords.activations(.f16).encoded()
            case .codes: try SampleRecords.codes(.f32).encoded()
            }
        }

        func read(_ bytes: [UInt8], expecting expectation: RecordExpectation? = nil) throws(RecordFault) {
            switch self {
            case .activations: _ = try ActivationRecord(bytes, expecting: expectation)
            case .codes: _ = try CodeRecord(bytes, expecting: expectation)
            }
        }

        func fault(_ bytes: [UInt8], expecting expectation: RecordExpectation? = nil) -> RecordFault? {
            do throws(RecordFault) {
                try read(bytes, expecting: expectation)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test(arguments: Sample.allCases) func cutAnywhereItIsRefused(sample: Sample) throws {
        let bytes = try sample.bytes()
        for count in 0..<bytes.count {
            let fault = try #require(sample.fault(Array(bytes.prefix(count))), "cut to \(count) bytes")
            #expect([.cutOff, .notARecord].contains(fault.code))
            #expect(!fault.field.isEmpty && !fault.expected.isEmpty)
        }
    }

    @Test(arguments: Sample.allCases) func everyFlippedBitIsNoticed(sample: Sample) throws {
        let bytes = try sample.bytes()
        for bit in 0..<8 * bytes.count {
            var changed = bytes
            changed[bit / 8] ^= 1 << (bit % 8)
            let fault = try #require(sample.fault(changed), "bit \(bit)")
            #expect([.damaged, .notARecord].contains(fault.code))
        }
    }

    /// What a writer of another mind would send: any byte another, all checksums fitting.
    @Test(arguments: Sample.allCases) func anyByteMayBeAnotherWithChecksumsThatFit(sample: Sample) throws {
        let bytes = try sample.bytes()
        var faults: [String: Int] = [:]
        for place in bytes.indices where !(12..<20).contains(place) {
            for change: UInt8 in [1, 2, 0x7f, 0x80, 0xff] {
                var changed = bytes
                changed[place] ^= change
                guard let fault = sample.fault(SampleRecords.sealed(changed)) else { continue }
                #expect(!fault.found.isEmpty && !fault.expected.isEmpty)
                faults[String(fault.field.prefix { $0 != "[" }), default: 0] += 1
            }
        }
        for field in ["magic", "version", "kind", "flags", "size", "width", "values", "contexts", "activations"] {
            #expect(faults[field, default: 0] > 0, "\(field) among \(faults.keys.sorted())")
        }
    }

    @Test(arguments: Sample.allCases) func cutWithASizeThatFitsItNamesTheFieldThatIsCut(sample: Sample) throws {
        let bytes = try sample.bytes()
        for count in RecordPrelude.byteCount..<bytes.count {
            let fault = try #require(sample.fault(SampleRecords.resized(Array(bytes.prefix(count)))))
            #expect([.cutOff, .wrongShape].contains(fault.code) && fault.field != "size")
        }
    }

    @Test(arguments: Sample.allCases) func bytesBehindTheRecordAreRefused(sample: Sample) throws {
        let bytes = try sample.bytes() + [0]
        #expect(sample.fault(bytes)?.field == "size")
        #expect(sample.fault(SampleRecords.resized(bytes))?.field == "size")
    }

    /// Four bytes at every place set to large numbers: no count is believed before there are bytes for it.
    @Test(arguments: Sample.allCases) func hugeNumbersAreRefusedBeforeAnythingIsMade(sample: Sample) throws {
        let bytes = try sample.bytes()
        var refused = 0
        for place in RecordPrelude.byteCount..<bytes.count - 3 {
            for number: [UInt8] in [[255, 255, 255, 255], [255, 255, 255, 127], [0, 0, 0, 128], [0, 0, 255, 255]] {
                var changed = bytes
                changed.replaceSubrange(place..<place + 4, with: number)
                if sample.fault(SampleRecords.sealed(changed)) != nil { refused += 1 }
            }
        }
        #expect(refused > bytes.count)
    }

    /// Thousands of records with several changes each.
    @Test(arguments: Sample.allCases) func whateverIsReadIsSound(sample: Sample) throws {
        let bytes = try sample.bytes()
        var random = NumberStream(seed: 11)
        var (read, refused) = (0, 0)
        for _ in 0..<20_000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                changed[Int.random(in: RecordPrelude.byteCount..<bytes.count, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { changed.removeLast(Int.random(in: 0..<bytes.count / 2, using: &random)) }
            changed = SampleRecords.resized(changed)
            guard sample.fault(changed) == nil else {
                refused += 1
                continue
            }
            read += 1
            switch sample {
            case .activations:
                let record = try ActivationRecord(changed)
                #expect(record.activations.values.allSatisfy { $0.isFinite })
            case .codes:
                let record = try CodeRecord(changed)
                #expect(record.activations.allSatisfy { $0 > 0 && $0.isFinite })
                #expect(record.latents.allSatisfy { (0..<Int32(clamping: record.header.width)).contains($0) })
            }
        }
        #expect(read > 100 && refused > 1000)
    }

    @Test func contentsOfAnotherModelOrCoderAreForeign() throws {
        let header = try SampleRecords.codes(.f16).header
        func expectation(_ change: (inout RecordHeader) -> Void) -> RecordExpectation {
            var other = header
            change(&other)
            return RecordExpectation(
                model: other.model, modelDigest: other.modelDigest, hookpoint: other.hookpoint, coder: other.coder,
                coderDigest: other.coderDigest, width: other.width, vocabulary: 1 << 32)
        }
        let bytes = try Sample.codes.bytes()
        #expect(Sample.codes.fault(bytes, expecting: expectation { _ in }) == nil)
        #expect(
            Sample.codes.fault(
                bytes,
                expecting: expectation {
                    $0.modelDigest = nil
                    $0.coderDigest = nil
                }) == nil)
        let other = Hash128(high: 1, low: 2)
        for (field, change) in [
            ("model", { $0.model = "b" }), ("hookpoint", { $0.hookpoint = "b" }), ("coder", { $0.coder = "b" }),
            ("width", { $0.width = 7 }), ("model_digest", { $0.modelDigest = other }),
            ("coder_digest", { $0.coderDigest = other }),
        ] as [(String, (inout RecordHeader) -> Void)] {
            let fault = Sample.codes.fault(bytes, expecting: expectation(change))
            #expect(fault?.code == .foreign && fault?.field == field)
        }
        let few = RecordExpectation(
            model: header.model, hookpoint: header.hookpoint, coder: header.coder, width: header.width, vocabulary: 18)
        #expect(Sample.codes.fault(bytes, expecting: few)?.field == "tokens[2]")
        #expect(Sample.codes.fault(bytes, expecting: few)?.code == .tokenOutOfRange)
    }

    @Test func aRecordOfTheOtherKindIsForeign() throws {
        #expect(Sample.codes.fault(try Sample.activations.bytes())?.code == .foreign)
        #expect(Sample.activations.fault(try Sample.codes.bytes())?.field == "kind")
    }

    @Test func whatNoRecordCanHoldIsNotWritten() throws {
        let sound = try SampleRecords.activations(.f16)
        var values = sound.activations
        values.values[3] = 65_520
        let large = try #require(
            ActivationRecord(header: sound.header, contexts: sound.contexts, activations: values))
        #expect(throws: RecordFault.self) { _ = try large.encoded() }
        let codes = try SampleRecords.codes(.f16)
        let unsorted = try #require(
            CodeRecord(
                header: codes.header, contexts: codes.contexts, rowStarts: [0, 2, 2, 2, 2, 2], latents: [3, 2],
                activations: [1, 1]))
        #expect(throws: RecordFault.self) { _ = try unsorted.encoded() }
        #expect(RecordContexts(tokens: [1, 2], lengths: [3], prefixes: [0]) == nil)
        #expect(RecordContexts(tokens: [], lengths: [], prefixes: [])?.lengths == [])
    }
}
