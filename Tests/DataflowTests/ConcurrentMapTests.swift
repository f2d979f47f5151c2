import Dataflow
import Testing

@Suite struct ConcurrentMapTests {
    @Test(arguments: [0, 1, 1000]) func resultsStandInTheOrderOfTheElements(count: Int) {
        let numbers = Array(0..<count)
        #expect(numbers.concurrentMap { "\($0)" } == numbers.map { "\($0)" })
    }

    private struct Fault: Error, Equatable {
        let number: Int
    }

    @Test func piecesGiveWhatTheyMakeInOrderOrTheFirstFault() throws {
        let pieces = (0..<100).map { number in { @Sendable () throws -> Int in 2 * number } }
        #expect(try concurrently(pieces) == (0..<100).map { 2 * $0 })
        #expect(throws: Fault(number: 5)) {
            try concurrently(
                (0..<100).map { number in
                    { @Sendable () throws -> Int in
                        if number >= 5 { throw Fault(number: number) }
                        return number
                    }
                })
        }
    }
}
