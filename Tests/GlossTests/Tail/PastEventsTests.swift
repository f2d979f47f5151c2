import Testing

@testable import gloss

@Suite struct PastEventsTests {
    @Test func evidencePushesNoResultOut() {
        var past = PastEvents(limit: 2)
        for number in 1...4 {
            past.hold("result \(number)", isEvidence: false)
            past.hold("evidence \(number)", isEvidence: true)
        }
        #expect(past.lines == ["result 3", "result 4"] + (1...4).map { "evidence \($0)" })
    }

    @Test func withoutPastResultsEvidenceIsKept() {
        var past = PastEvents(limit: 0)
        past.hold("result", isEvidence: false)
        past.hold("evidence", isEvidence: true)
        #expect(past.lines == ["evidence"])
    }
}
