import Elements
import Hashing
import TestSupport
import Testing

@testable import Tokenization

@Suite struct ContextCutterTests {
    private let document = Document(
        position: RecordPosition(source: "corpus", topic: "t", partition: 0, offset: 4), timestamp: 1_700_000_000_123,
        id: "a", source: "bible", content: .text(""))

    @Test(arguments: [1, 2, 3, 5, 8, 256], [nil, 0, 77] as [UInt32?])
    func contextsWithoutBOSAreTheTokensAndNoneIsTooLong(length: Int, bos: UInt32?) {
        let cutter = ContextCutter(length: length, bos: bos)
        var random = SplitMix(state: UInt64(length))
        for count in [1, 2, 3, 4, 7, 8, 9, 255, 256, 257, 511, 512, 1000] {
            let tokens = (0..<count).map { _ in UInt32(truncatingIfNeeded: random.next() % 100) }
            let contexts = cutter.contexts(of: document, tokens: tokens)
            let joined = contexts.flatMap(\.tokens)
            #expect(joined == (bos.map { [$0] } ?? []) + tokens)
            #expect(contexts.dropLast().allSatisfy { $0.tokens.count == cutter.length })
            #expect(contexts.allSatisfy { !$0.tokens.isEmpty && $0.tokens.count <= cutter.length })
            let hash = SipHasher.hash128(tokens: tokens, key: SipKey(k0: 0, k1: 0))
            #expect(contexts.allSatisfy { $0.document == hash })
            #expect(contexts.allSatisfy { $0.timestamp == document.timestamp && $0.source == "bible" })
        }
    }

    @Test(arguments: [("t", "corpus/t"), ("data/corpus.jsonl.gz", "corpus"), ("corpus", "corpus")])
    func aRecordThatNamesNoCollectionIsOfItsSource(topic: String, name: String) {
        let nameless = Document(
            position: RecordPosition(source: "corpus", topic: topic, partition: 0, offset: 4), timestamp: 0, id: nil,
            source: nil, content: .text(""))
        #expect(ContextCutter(length: 4, bos: nil).contexts(of: nameless, tokens: [1]).map(\.source) == [name])
    }

    @Test(arguments: [nil, 0] as [UInt32?]) func whatIsCountedIsLeftOutAndEachContextSaysWhereItsPartitionStands(
        bos: UInt32?
    ) {
        let record = Fence.LastRecord(offset: 4, hash: 17)
        let after = Fence(source: "corpus", topic: "t", partition: 0, next: 5, last: record)
        let cutter = ContextCutter(length: 4, bos: bos)
        for count in [7, 8, 9, 12] {
            let tokens = (1...UInt32(count)).map { $0 }
            let whole = cutter.contexts(of: document, tokens: tokens)
            #expect(whole.allSatisfy { $0.reached == nil })
            for counted in 0..<whole.count {
                var placed = document
                placed.place = DocumentPlace(after: after, record: record, counted: counted)
                let rest = cutter.contexts(of: placed, tokens: tokens)
                #expect(rest.map(\.tokens) == whole.dropFirst(counted).map(\.tokens))
                #expect(rest.last?.reached == after)
                #expect(
                    rest.dropLast().map(\.reached)
                        == (counted + 1..<whole.count).map {
                            Fence(source: "corpus", topic: "t", partition: 0, next: 4, last: record, contexts: $0)
                        })
            }
        }
    }

    @Test func anEmptyDocumentHasNoContexts() {
        #expect(ContextCutter(length: 8, bos: 1).contexts(of: document, tokens: []).isEmpty)
    }

    @Test func theHashDependsOnTheTokensOnly() {
        let plain = ContextCutter(length: 4, bos: nil).contexts(of: document, tokens: [1, 2, 3, 4, 5])
        let marked = ContextCutter(length: 9, bos: 0).contexts(of: document, tokens: [1, 2, 3, 4, 5])
        #expect(Set(plain.map(\.document)) == Set(marked.map(\.document)))
        #expect(
            ContextCutter(length: 4, bos: nil).contexts(of: document, tokens: [1, 2, 3, 4, 6])[0].document
                != plain[0].document)
    }

    @Test func lengthsTooShortAreRaised() {
        #expect(ContextCutter(length: -5, bos: nil).length == 1)
        #expect(ContextCutter(length: 1, bos: 3).length == 2)
    }

    @Test func idsThatBeginWithBOSGetNoSecondOne() {
        let cutter = ContextCutter(length: 4, bos: 7)
        #expect(cutter.withoutBOS([7, 1, 2]) == [1, 2] && cutter.withoutBOS([1, 7]) == [1, 7])
        // Of two the first alone is the cutter's.
        #expect(cutter.withoutBOS([7, 7, 1]) == [7, 1] && cutter.withoutBOS([7]) == [] && cutter.withoutBOS([]) == [])
        #expect(ContextCutter(length: 4, bos: nil).withoutBOS([7, 1]) == [7, 1])
    }
}
