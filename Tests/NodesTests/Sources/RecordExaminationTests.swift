import Corpus
import Elements
import Testing

@testable import Nodes

/// Whether a source would take a record, without running it.
@Suite(.timeLimit(.minutes(5))) struct RecordExaminationTests {
    private func raw(_ value: [UInt8]?) -> RawRecord {
        RawRecord(
            position: RecordPosition(source: "corpus", topic: "t", partition: 0, offset: 3), timestamp: 0, key: nil,
            value: value)
    }

    @Test func aSourceOfDocumentsTakesWhatItsFieldsAndItsTokenizersTake() throws {
        let fixture = try GraphFixture()
        let graph = try fixture.graph(
            """
            sources:
              corpus: { type: kafka, brokers: "b:1", topics: [t], maximum_record: 1KiB }
              piped: { type: stdin }
            stages:
              tokens: { type: tokenize, inputs: [corpus, piped], model: subject }

            """)
        let examination = try #require(try graph.examination(ofRecordsOf: "corpus"))
        #expect(examination.refusal(of: raw(Array(#"{"text": "fine"}"#.utf8))) == nil)
        let cases: [(String, [UInt8]?)] = [
            ("null-value", nil), ("not-json", Array("{".utf8)), ("too-large", [UInt8](repeating: 0x20, count: 1025)),
            ("token-out-of-range", Array(#"{"tokens": [1, 999999]}"#.utf8)),
        ]
        for (code, value) in cases {
            let letter = try #require(examination.refusal(of: raw(value)))
            #expect(letter.code == code && letter.node == "corpus" && letter.position.offset == 3)
        }
        for other in ["piped", "none"] {
            let isThere = try graph.examination(ofRecordsOf: other) != nil
            #expect(!isThere, "\(other)")
        }
    }

    @Test(arguments: [true, false]) func aSourceOfRecordsUnpacksThem(areCodes: Bool) throws {
        let recorded = try RecordedGraph()
        let records = try recorded.records(of: FileGraph.texts(0..<2), codes: areCodes)
        let fields = areCodes ? RecordedGraph.codesFields : "\(RecordedGraph.subject), width: 64"
        let graph = try recorded.graph(
            source:
                "type: \(areCodes ? "codes" : "activations"), from: kafka, brokers: \"b:1\", topics: [t], \(fields)",
            givesCodes: areCodes)
        let examination = try #require(try graph.examination(ofRecordsOf: areCodes ? "codes" : "recorded"))
        for record in records { #expect(examination.refusal(of: raw(record)) == nil) }
        var damaged = try #require(records.first)
        damaged[damaged.count - 1] ^= 1
        #expect(examination.refusal(of: raw(damaged))?.code == "damaged")
        #expect(examination.refusal(of: raw([]))?.code == "empty")
        let others = try recorded.records(of: FileGraph.texts(0..<1), codes: !areCodes)
        #expect(examination.refusal(of: raw(others.first))?.code == "foreign")
    }
}
