import Dataflow
import Testing

@Suite struct ComputePoolTests {
    private final class Tracked: Sendable {
        let number: Int
        init(_ number: Int) { self.number = number }
    }

    @Test func aPoolLetsGoOfWhatItsWorkHasCaptured() async throws {
        let pool = ComputePool<Void>(name: "letting-go", threads: 1)
        weak var captured: Tracked?
        do {
            let tracked = Tracked(7)
            captured = tracked
            #expect(try await pool.run { _ in tracked.number } == 7)
        }
        // After the first, so that its thread is through with that.
        try await pool.run { _ in }
        #expect(captured == nil)
    }
}
