import Dataflow
import Testing

@testable import Nodes

@Suite struct NodeTimersTests {
    @Test func aNodeThatIsBuiltAnewGoesOnCounting() {
        let timers = NodeTimers()
        timers.timers(of: "detected", type: "score").count(byteCount: 8, elements: 2)
        timers.timers(of: "detected", type: "score").count(byteCount: 8, elements: 3)
        #expect(timers.timers(of: "detected", type: "score").reading.sent == 5)
        #expect(timers.timers(of: "fuzzed", type: "score").reading.sent == 0)
        // Of another type it is another node, whatever it is called.
        #expect(timers.timers(of: "detected", type: "explain").reading.sent == 0)
    }
}
