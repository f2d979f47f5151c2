import Testing

@testable import Reports

@Suite struct ConcurrentMapTests {
    @Test(arguments: [0, 1, 1000]) func resultsStandInTheOrderOfTheElements(count: Int) {
        let numbers = Array(0..<count)
        #expect(numbers.concurrentMap { "\($0)" } == numbers.map { "\($0)" })
    }
}
