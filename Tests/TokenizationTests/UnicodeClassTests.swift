import Testing

@testable import Tokenization

/// Classes of every scalar against those of the reference.
@Suite struct UnicodeClassTests {
    private let golden: [String: [[UInt32]]]

    init() throws { golden = try Golden.decode([String: [[UInt32]]].self, "classes.json") }

    private func differences(_ name: String, _ isMember: (Unicode.Scalar) -> Bool) throws -> [UInt32] {
        var expected = Set<UInt32>()
        for range in try #require(golden[name]) { expected.formUnion(range[0]...range[1]) }
        return (0...0x10ffff as ClosedRange<UInt32>).filter { value in
            Unicode.Scalar(value).map { isMember($0) != expected.contains(value) } ?? false
        }
    }

    @Test func lettersNumbersAndSpacesAreThoseOfTheReference() throws {
        let table = ScalarClasses.table
        func isOf(_ kind: ScalarClass) -> (Unicode.Scalar) -> Bool {
            { Int($0.value) < table.count && table[Int($0.value)] == kind.rawValue }
        }
        #expect(try differences("letters", isOf(.letter)) == [])
        #expect(try differences("numbers", isOf(.number)) == [])
        #expect(try differences("spaces", isOf(.space)) == [])
    }

    @Test func whatBERTTellsApartIsThatOfTheReference() throws {
        #expect(try differences("punctuation", BertClasses.isPunctuation) == [])
        #expect(try differences("accents", BertClasses.isAccent) == [])
        #expect(try differences("dropped", BertClasses.isDropped) == [])
        #expect(try differences("ideographs", BertClasses.isIdeograph) == [])
    }
}
