import Testing

@testable import StateNotes

@Suite struct LatentActivityTests {
    @Test func latentsAreCountedByHowOftenTheyFired() {
        var activity = LatentActivity()
        for count in [0, 0, 1, 9, 10, 99, 200, 201, 1000, 5_000_000] as [UInt64] {
            activity.count(tokensFired: count)
        }
        #expect(activity.never == 2)
        #expect(activity.atMost200 == 7)
        #expect(activity.decades == [2, 2, 2, 1, 0, 0, 1])
        #expect(activity.decades.reduce(activity.never, +) == 10)
    }
}
