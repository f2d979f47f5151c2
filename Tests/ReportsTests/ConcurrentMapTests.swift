import Testing

@testable import Reports

@Suite struct ConcurrentMapTests {
    @Test(arguments: [0, 1, 1000]) func resultsStandInTheOrderOfTheElements(count: Int) {
        let numbers = Array(0..<count)
        #expect(numbers.concurrentMap { "\($0)" } == numbers.map { "\($0)" })
    }

    private struct Fault: Error, Equatable {
        let number: Int
    }

    @Test func bothPiecesGiveWhatTheyMakeOrTheFirstFault() throws {
        let both = try together({ 3 }, { "b" })
        #expect(both.0 == 3 && both.1 == "b")
        #expect(throws: Fault(number: 2)) { try together({ 3 }, { () throws -> Int in throw Fault(number: 2) }) }
        #expect(throws: Fault(number: 1)) {
            try together(
                { () throws -> Int in throw Fault(number: 1) }, { () throws -> Int in throw Fault(number: 2) })
        }
    }
}
