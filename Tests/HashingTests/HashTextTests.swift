import Testing

@testable import Hashing

@Suite struct HashTextTests {
    private let values = [
        Hash128(high: 0, low: 0), Hash128(high: .max, low: .max), Hash128(high: 0x0123_4567_89ab_cdef, low: 1),
        Hash128(high: 1, low: 0xfedc_ba98_7654_3210),
    ]

    @Test func whatIsPrintedIsReadBack() {
        for value in values { #expect(Hash128(value.description) == value) }
        #expect(Hash128.list(values.map(\.description).joined(separator: " ")) == values)
        #expect(Hash128.list("") == [])
    }

    @Test func nothingElseIsRead() {
        let good = values[2].description
        for text in [
            "", " ", "0", String(good.dropLast()), good + "0", good.uppercased(), "g" + good.dropFirst(),
            "+" + good.dropFirst(),
        ] {
            #expect(Hash128(text) == nil, "\(text)")
        }
        for text in [
            " ", good + " ", " " + good, good + "  " + good, good + "," + good, good + " " + good.uppercased(),
        ] {
            #expect(Hash128.list(text) == nil, "\(text)")
        }
    }
}
