import Corpus
import Elements
import Hashing
import Records
import Synchronization
import Testing

@testable import RecordReading

@Suite struct RecordUnpackingTests {
    private final class Letters: Sendable {
        private let state = Mutex<[DeadLetter]>([])
        var all: [DeadLetter] { state.withLock { $0 } }
        func add(_ letters: [DeadLetter]) { state.withLock { $0 += letters } }
    }

    private let letters = Letters()

    private func batch(_ values: [[UInt8]], topic: String = "codes") -> SourceBatch {
        SourceBatch(
            records: values.enumerated().map { index, value in
                RawRecord(
                    position: RecordPosition(source: "node", topic: topic, partition: 0, offset: Int64(index)),
                    timestamp: 40 + Int64(index), key: nil, value: value)
            }, positions: [:])
    }

    private func unpacking(coder: String = "c") -> RecordUnpacking {
        RecordUnpacking(
            node: "node",
            expectation: RecordExpectation(
                model: "m", hookpoint: "layers.1", coder: coder, width: 8, vocabulary: 100),
            refuse: letters.add)
    }

    @Test func codesOfSeveralRecordsStandInTheirOrder() throws {
        let codes = try #require(
            unpacking().codes(of: batch([SampleRecord.codes(), SampleRecord.codes(first: 20)]), masksFirst: false))
        #expect(codes.rowStarts == [0, 2, 2, 3, 4, 6, 8, 8, 9, 10, 12])
        #expect(codes.latents == [0, 7, 3, 2, 1, 5, 0, 7, 3, 2, 1, 5])
        #expect(codes.activations == [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6])
        #expect(codes.contexts.map(\.tokens) == [[1, 7, 8], [9, 10], [1, 20, 8], [9, 10]])
        #expect(codes.contexts.map(\.timestamp) == [40, 40, 41, 41])
        let hash = SipHasher.hash128(tokens: [7, 8, 9, 10], key: SipKey(k0: 0, k1: 0))
        #expect(codes.contexts[0].document == hash && codes.contexts[1].document == hash)
        #expect(codes.contexts.allSatisfy { $0.source == "node/codes" } && letters.all.isEmpty)
    }

    @Test func theFirstPositionOfEachContextIsLeftOut() throws {
        let codes = try #require(
            unpacking().codes(of: batch([SampleRecord.codes(), SampleRecord.codes()]), masksFirst: true))
        #expect(codes.rowStarts == [0, 0, 0, 1, 1, 3, 3, 3, 4, 4, 6])
        #expect(codes.latents == [3, 1, 5, 3, 1, 5] && codes.activations == [3, 5, 6, 3, 5, 6])
    }

    @Test func whatCannotBeUsedIsRefusedAndTheRestIsNot() throws {
        let sound = try SampleRecord.codes()
        var damaged = sound
        damaged[30] ^= 1
        let codes = try unpacking().codes(
            of: batch([
                Array("no record".utf8), damaged, sound, SampleRecord.codes(coder: "d"), SampleRecord.activations(),
                SampleRecord.codes(first: 100),
            ]), masksFirst: false)
        #expect(codes?.contexts.count == 2)
        #expect(
            letters.all.map(\.code)
                == ["not-a-record", "damaged", "foreign", "foreign", "token-out-of-range"])
        #expect(letters.all.map(\.position.offset) == [0, 1, 3, 4, 5] && letters.all.allSatisfy { $0.node == "node" })
        #expect(letters.all[2].reason == "The field `coder` is \"d\", expected \"c\".")
        #expect(unpacking().codes(of: batch([damaged]), masksFirst: false) == nil)
    }

    @Test func activationsOfARecordAreABatch() throws {
        let batch = try batch([SampleRecord.activations(), SampleRecord.activations(first: 20)], topic: "/a/file")
        let parts = unpacking(coder: "").activations(of: batch)
        #expect(parts.map { $0.contexts.map(\.tokens) } == [[[7, 8]], [[20, 8]]])
        for (part, first) in zip(parts, [7, 20] as [Float]) {
            let matrix = try #require(part.activations["layers.1"])
            #expect((matrix.rows, matrix.columns) == (2, 8) && part.activations.count == 1)
            #expect(matrix.values == (0..<16).map { Float($0) + first })
            #expect(part.contexts.allSatisfy { $0.source == "node" })
        }
        #expect(letters.all.isEmpty)
    }

    @Test(arguments: [(1, [1, 2, 1, 3]), (3, [3, 1, 3]), (4, [4, 3]), (7, [7]), (100, [7])])
    func activationsOfALargeRecordAreBatchesOfWholeContexts(most: Int, expected: [Int]) throws {
        let lengths = [1, 2, 1, 3]
        let contexts = try #require(
            RecordContexts(tokens: [1, 2, 3, 4, 5, 6, 7], lengths: lengths, prefixes: [0, 0, 0, 0]))
        let header = RecordHeader(model: "m", hookpoint: "layers.1", width: 8, values: .f32)
        let matrix = try #require(Matrix(rows: 7, columns: 8, values: (0..<56).map { Float($0) }))
        let bytes = try #require(
            ActivationRecord(header: header, contexts: contexts, activations: matrix)
        ).encoded()
        let unpacking = RecordUnpacking(
            node: "node",
            expectation: RecordExpectation(model: "m", hookpoint: "layers.1", width: 8, vocabulary: 100),
            floatsTogether: 8 * most + 7, refuse: letters.add)
        let parts = unpacking.activations(of: batch([bytes]))
        #expect(parts.map { $0.activations["layers.1"]?.rows } == expected)
        #expect(parts.flatMap { $0.activations["layers.1"]?.values ?? [] } == matrix.values)
        #expect(parts.flatMap(\.contexts).map(\.tokens.count) == lengths)
        #expect(Set(parts.flatMap(\.contexts).map(\.document)).count == 1)
    }

    @Test func whatNeedsNoLookInsideIsRefusedAtOnce() throws {
        let records = BinaryRecords(node: "node", maximumBytes: 300)
        let position = RecordPosition(source: "node", topic: "t", partition: 0, offset: 3)
        func code(_ value: [UInt8]?) -> String? {
            let record = RawRecord(position: position, timestamp: 1, key: nil, value: value)
            guard case .deadLetter(let letter) = records.element(of: record, counted: 0) else { return nil }
            #expect(letter.position == position && letter.node == "node")
            return letter.code
        }
        let sound = try SampleRecord.codes()
        #expect(code(nil) == "null-value" && code([]) == "empty" && code(sound) == nil)
        #expect(code([UInt8](repeating: 0, count: 301)) == "too-large")
        // The start of a record that says itself that it is larger.
        var large = try SampleRecord.codes()
        for _ in 0..<3 { large += large }
        #expect(code(Array(large.prefix(280))) == nil)
        let contexts = try #require(RecordContexts(tokens: [1], lengths: [1], prefixes: [0]))
        let header = RecordHeader(model: "m", hookpoint: "layers.1", width: 80, values: .f32)
        let values = try #require(
            ActivationRecord(header: header, contexts: contexts, activations: Matrix(rows: 1, columns: 80)))
        #expect(code(Array(try values.encoded().prefix(100))) == "too-large")
    }

    @Test func aRecordIsDatedByWhatItSaysItself() throws {
        let records = BinaryRecords(node: "node", maximumBytes: 300)
        let batch = try batch([SampleRecord.codes(time: 123), SampleRecord.codes(), Array("no record".utf8)])
        #expect(batch.records.map { records.dated($0).timestamp } == [123, 41, 42])
    }
}
