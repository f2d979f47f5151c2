import JSONText
import Testing

@Suite struct JSONTestSuiteTests {
    @Test(arguments: JSONTestSuite.accepted)
    func whatMustBeTakenIsTaken(text: String) {
        #expect(readingError(Array(text.utf8), .kept) == nil)
        #expect(scanningError(Array(text.utf8)) == nil)
    }

    @Test(arguments: JSONTestSuite.refused.map { Array($0.utf8) } + JSONTestSuite.refusedBytes)
    func whatMustBeRefusedIsRefusedAtTheSamePlaceByTreeAndScanner(bytes: [UInt8]) throws {
        let error = try #require(readingError(bytes))
        #expect(error.offset <= bytes.count && (error.found == nil) == (error.offset == bytes.count))
        #expect(scanningError(bytes) == error)
    }

    @Test(arguments: JSONTestSuite.open)
    func whatIsLeftOpenIsDecided(text: String, isRead: Bool, isPassedOver: Bool) {
        #expect((readingError(Array(text.utf8)) == nil) == isRead)
        #expect((scanningError(Array(text.utf8)) == nil) == isPassedOver)
    }

    @Test(arguments: JSONTestSuite.openBytes)
    func whatIsNotUTF8IsRefused(bytes: [UInt8]) {
        #expect(readingError(bytes) != nil && scanningError(bytes) == readingError(bytes))
    }

    @Test(arguments: ["[", "[{\"\":"])
    func muchThatOpensAndNeverClosesIsRefused(piece: String) {
        let bytes = Array(String(repeating: piece, count: 100_000).utf8)
        #expect(readingError(bytes)?.expected == "nesting of at most 64 levels")
        #expect(scanningError(bytes)?.expected == "nesting of at most 512 levels")
    }
}
