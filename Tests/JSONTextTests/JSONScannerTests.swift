import Foundation
import JSONText
import TestSupport
import Testing

/// Foundation's parser is the twin: both must take and refuse the same bytes.
@Suite struct JSONScannerTests {
    private func scannerTakes(_ bytes: [UInt8]) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var scanner = JSONScanner(bytes)
        do throws(JSONError) {
            try scanner.skipValue()
            try scanner.expectEnd()
            return true
        } catch {
            return false
        }
    }

    private func foundationTakes(_ bytes: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
    }

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
            // Foundation takes a comma behind the last element of a list or an object, which RFC 8259 does not.
            let closed = String(decoding: bytes.filter { $0 != 0x0a }, as: UTF8.self)
            guard !closed.contains(",]"), !closed.contains(",}") else { continue }
            let takes = scannerTakes(bytes)
            #expect(takes == foundationTakes(bytes), "\(String(decoding: bytes, as: UTF8.self))")
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
            var scanner = JSONScanner(encoded)
            #expect(try scanner.string().unicodeScalars.elementsEqual(text.unicodeScalars))
            var escaped = JSONScanner(Array(("\"" + text.utf16.map { "\\u" + hex($0) }.joined() + "\"").utf8))
            #expect(try escaped.string().unicodeScalars.elementsEqual(text.unicodeScalars))
        }
    }

    private func hex(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
