import Elements
import TestSupport
import Testing

@testable import Corpus

/// The corpus that comes with the quickstart.
@Suite struct BundledCorpusTests {
    @Test func everyRecordIsADocumentWithIdSourceAndText() async throws {
        let source = FileSource(path: Checkout.path("topologies/quickstart/corpus.ndjson.gz"), source: "corpus")
        let decoder = RecordDecoder(format: .json, node: "corpus", maximumBytes: 1 << 20)
        var sources: [String: Int] = [:]
        for try await batch in source.records() {
            for record in batch {
                guard case .document(let document) = decoder.decode(record) else {
                    Issue.record("\(record.position)")
                    continue
                }
                #expect(document.id?.isEmpty == false)
                sources[try #require(document.source), default: 0] += 1
            }
        }
        #expect(sources == ["kjv": 810, "wordnet": 788, "pydoc": 511, "python": 377, "jargon": 215])
    }
}
