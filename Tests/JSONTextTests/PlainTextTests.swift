import JSONText
import Testing

/// Texts are looked at eight bytes at a time: what matters must be seen at every place of a step, and after the last.
@Suite struct PlainTextTests {
    private static let lengths = 0...26

    private func read(_ bytes: [UInt8]) throws(JSONError) -> String {
        try JSONScanner.scan(bytes) { scanner throws(JSONError) in try scanner.string() }
    }

    private func quoted(_ length: Int, _ place: Int, _ bytes: [UInt8]) -> [UInt8] {
        let plain = [UInt8](repeating: 0x61, count: length)
        return [0x22] + plain[..<place] + bytes + plain[place...] + [0x22]
    }

    @Test(arguments: [
        (Array(#"\""#.utf8), "\""), (Array(#"\\"#.utf8), "\\"), (Array("é".utf8), "é"),
        (Array("\u{10ffff}".utf8), "\u{10ffff}"),
        (Array(" ".utf8), " "), (Array("#[]!".utf8), "#[]!"), ([0x7f], "\u{7f}"), (Array("\u{80}".utf8), "\u{80}"),
    ])
    func whatIsReadIsReadAtEveryPlace(bytes: [UInt8], meaning: String) throws {
        for length in Self.lengths {
            for place in 0...length {
                let expected =
                    String(repeating: "a", count: place) + meaning + String(repeating: "a", count: length - place)
                let text = quoted(length, place, bytes)
                #expect(try read(text) == expected)
                #expect(scanningError(text) == nil)
            }
        }
    }

    @Test(arguments: [0x00, 0x01, 0x0a, 0x1f, 0x80, 0xc3, 0xff] as [UInt8])
    func whatIsRefusedIsRefusedAtEveryPlace(byte: UInt8) {
        for length in Self.lengths {
            for place in 0...length {
                let text = quoted(length, place, [byte])
                let error = scanningError(text)
                #expect(error?.offset == place + 1)
                #expect(error?.expected == (byte < 0x20 ? "control characters to be escaped" : "UTF-8"))
                #expect(readingError(text) == error)
            }
        }
    }

    @Test func theQuoteIsFoundAtEveryPlaceOrItsAbsenceAtTheEnd() throws {
        for length in Self.lengths {
            let text = quoted(length, 0, [])
            #expect(try read(text).utf8.count == length)
            #expect(try read(text + [0x20, 0x0a]).utf8.count == length)
            let open = scanningError(text.dropLast())
            #expect(open?.offset == length + 1 && open?.expected == "a closing quote" && open?.found == nil)
        }
    }
}
