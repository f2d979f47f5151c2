import Elements
import Testing

@testable import Daemon

@Suite struct RefusedRecordsTests {
    private func letter(_ code: String, _ reason: String, node: String = "evidence.shuffle") -> DeadLetter {
        DeadLetter(
            position: RecordPosition(source: node, topic: "told", partition: 1, offset: 7), node: node, code: code,
            reason: reason, value: [])
    }

    @Test func eachOtherProcessIsToldOfOnce() {
        let refused = RefusedRecords(of: ["evidence.shuffle"])
        let first = refused.notices(of: [letter("foreign", "found A."), letter("foreign", "found A.")])
        #expect(first.map(\.source) == ["evidence.shuffle"])
        #expect(
            first.first?.text.hasPrefix("refuses told/1 at offset 7, and merges nothing of it: found A. Stop") == true)
        #expect(refused.notices(of: [letter("foreign", "found B.")]).count == 1)
        #expect(refused.notices(of: [letter("foreign", "found A."), letter("other-version", "found 9.")]).count == 1)
    }

    @Test func otherDamageIsToldOfOnceForEachKind() {
        let refused = RefusedRecords(of: ["evidence.shuffle"])
        let told = refused.notices(of: [letter("damaged", "found 1."), letter("damaged", "found 2.")])
        #expect(told.count == 1 && told.first?.text.contains("Nothing but gloss may write") == true)
    }

    @Test func recordsOfTheCorpusAreNotMeant() {
        let refused = RefusedRecords(of: ["evidence.shuffle"])
        #expect(refused.notices(of: [letter("foreign", "found A.", node: "corpus")]).isEmpty)
    }

    @Test func noRecordFillsTheLog() {
        let refused = RefusedRecords(of: ["evidence.shuffle"])
        #expect(refused.notices(of: (0..<100).map { letter("foreign", "found \($0).") }).count == 16)
        #expect(refused.notices(of: [letter("foreign", "found 200.")]).isEmpty)
    }
}
