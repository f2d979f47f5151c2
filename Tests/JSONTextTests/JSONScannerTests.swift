import Foundation
import JSONText
import TestSupport
import Testing

/// Foundation's parser is the twin: both must take and refuse the same bytes.
@Suite struct JSONScannerTests {
    private static let seeds = [
        #"{"text":"a\n\u00e9\ud83d\ude00\/","tokens":[1,-2,3.5e-7,0,true,false,null],"x":{"y":[{},[]]}}"#,
        #"["",{"a":[[[1]]]},-0,1E+3," é "]"#,
    ]

    @Test func sameAsFoundationOnMutatedJSON() {
        var numbers = NumberStream(seed: 5)
        let alphabet = Array(#"{}[]",:\0123456789.eE+-truefalsn u/bd"#.utf8) + [0x0a, 0x01, 0xc3]
        var taken = 0
        var refused = 0
        for round in 0..<20_000 {
            var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
            for _ in 0..<Int.random(in: 0...2, using: &numbers) {
                let place = Int.random(in: 0..<bytes.count, using: &numbers)
                switch Int.random(in: 0..<3, using: &numbers) {
                case 0: bytes.remove(at: place)
                case 1: bytes.insert(alphabet.randomElement(using: &numbers) ?? 0, at: place)
                default: bytes[place] = alphabet.randomElement(using: &numbers) ?? 0
                }
            }
            guard !foundationIsLax(bytes) else { continue }
            let takes = scanningError(bytes) == nil
            #expect(takes == (foundation(bytes) != nil), "\(String(decoding: bytes, as: UTF8.self))")
            if takes { taken += 1 } else { refused += 1 }
        }
        #expect(taken > 1000 && refused > 1000)
    }

    @Test func textsAreThoseOfFoundation() throws {
        var numbers = NumberStream(seed: 11)
        for _ in 0..<2000 {
            let scalars = (0..<Int.random(in: 0..<40, using: &numbers)).compactMap { _ in
                Unicode.Scalar(
                    UInt32.random(in: 0..<0x11_0000, using: &numbers) >> UInt32.random(in: 0..<18, using: &numbers))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let encoded = [UInt8](try JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed))
            #expect(try string(encoded).unicodeScalars.elementsEqual(text.unicodeScalars))
            let escaped = Array(("\"" + text.utf16.map { "\\u" + hex($0) }.joined() + "\"").utf8)
            #expect(try string(escaped).unicodeScalars.elementsEqual(text.unicodeScalars))
        }
    }

    private func string(_ bytes: [UInt8]) throws(JSONError) -> String {
        try JSONScanner.scan(bytes) { scanner throws(JSONError) in try scanner.string() }
    }

    private func hex(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
