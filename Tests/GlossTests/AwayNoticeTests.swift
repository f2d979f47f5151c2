import Testing

@testable import gloss

@Suite struct AwayNoticeTests {
    @Test func aServerIsToldOfOnceWhenItGoesAndOnceWhenItIsBack() {
        var notice = AwayNotice()
        #expect(notice.lines(after: [:]).isEmpty)
        #expect(
            notice.lines(after: ["judge": "12:04Z"]) == [
                "the server of judge is away since 12:04Z; jobs wait for it"
            ])
        #expect(notice.lines(after: ["judge": "12:04Z"]).isEmpty)
        #expect(
            notice.lines(after: ["other": "12:09Z"]) == [
                "the server of judge answers again", "the server of other is away since 12:09Z; jobs wait for it",
            ])
    }
}
