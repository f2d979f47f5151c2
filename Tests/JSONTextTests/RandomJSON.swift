import TestSupport

/// Documents of JSON with all that RFC 8259 allows: space, escapes, numbers of all forms.
struct RandomJSON {
    var numbers: NumberStream

    init(seed: UInt64) { numbers = NumberStream(seed: seed) }

    mutating func document() -> [UInt8] { Array(value(depth: 0).utf8) }

    /// The bytes with one to three of them taken out, put in or changed.
    mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array(#"{}[]",:\0123456789.eE+-truefalsn u/bd"#.utf8) + [0x09, 0x0a, 0x00, 0x01, 0x7f]
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &numbers) {
            let place = Int.random(in: 0...bytes.count, using: &numbers)
            // A byte of any value, for what becomes of UTF-8, or one that JSON is made of.
            let byte = pick(3) == 0 ? UInt8.random(in: 0...255, using: &numbers) : alphabet[pick(alphabet.count)]
            switch pick(3) {
            case 0: bytes.insert(byte, at: place)
            case 1 where place < bytes.count: bytes.remove(at: place)
            default: if place < bytes.count { bytes[place] = byte }
            }
        }
        return bytes
    }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &numbers) }

    private mutating func space() -> String { pick(3) > 0 ? "" : [" ", "\n", "\t", "\r\n  "][pick(4)] }

    private mutating func value(depth: Int) -> String {
        let text: String
        switch pick(depth < 4 ? 8 : 5) {
        case 0: text = ["null", "true", "false"][pick(3)]
        case 1, 2: text = number()
        case 3, 4: text = string()
        case 5, 6: text = "[" + list { $0.value(depth: depth + 1) } + "]"
        default:
            text = "{" + list { $0.string() + $0.space() + ":" + $0.value(depth: depth + 1) } + "}"
        }
        return space() + text + space()
    }

    private mutating func list(_ element: (inout Self) -> String) -> String {
        var elements: [String] = []
        for _ in 0..<pick(5) { elements.append(element(&self)) }
        return elements.isEmpty ? space() : elements.joined(separator: space() + "," + space())
    }

    mutating func number() -> String {
        let digits = String(UInt64.random(in: 0...UInt64.max, using: &numbers) >> UInt64(pick(64)))
        var text = (pick(2) == 0 ? "-" : "") + digits
        if pick(3) == 0 { text += "." + String(numbers.next() >> UInt64(pick(64))) }
        if pick(4) == 0 { text += ["e", "E", "e+", "E-"][pick(4)] + String(pick(280)) }
        return text
    }

    private mutating func string() -> String {
        var text = "\""
        for _ in 0..<pick(12) {
            switch pick(6) {
            case 0: text += [#"\n"#, #"\""#, #"\\"#, #"\/"#, #"\b"#, #"\u00e9"#, #"\ud83d\ude00"#, #"\u0000"#][pick(8)]
            case 1: text += ["é", "\u{10ffff}", "日", "\u{2028}", "\u{7f}"][pick(5)]
            default: text += ["a", "b", " ", "/", "[", "key"][pick(6)]
            }
        }
        return text + "\""
    }
}
