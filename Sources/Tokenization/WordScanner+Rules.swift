extension WordScanner {
    @inline(__always)
    private func byte(_ offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

    /// The rule of GPT-2; if numbers are isolated, text before one ends there as if it were the end of all text.
    @inline(__always)
    func gpt2End(of start: Int, isolatesNumbers: Bool) -> Int {
        guard let first = step(start) else { return start }
        if bytes[start] == UInt8(ascii: "'"), let end = contractionEnd(start, ignoringCase: false) { return end }
        if first.kind == .number, isolatesNumbers { return first.end }
        if first.kind != .space { return runEnd(first.end, of: first.kind) }
        if bytes[start] == 0x20, let next = step(first.end), next.kind != .space,
            !(isolatesNumbers && next.kind == .number)
        {
            return runEnd(next.end, of: next.kind)
        }
        return spaceEnd(start, first, endsAtNumber: isolatesNumbers)
    }

    /// The rule of Llama 3.
    @inline(__always)
    func llamaEnd(of start: Int, mostNumbers: Int) -> Int {
        guard let first = step(start) else { return start }
        if bytes[start] == UInt8(ascii: "'"), let end = contractionEnd(start, ignoringCase: true) { return end }
        if first.kind == .letter { return runEnd(first.end, of: .letter) }
        if first.kind == .number {
            return numbersEnd(first, most: mostNumbers)
        }
        let isNewline = bytes[start] == 0x0a || bytes[start] == 0x0d
        if !isNewline, let next = step(first.end), next.kind == .letter { return runEnd(next.end, of: .letter) }
        if first.kind == .other { return newlinesEnd(runEnd(first.end, of: .other)) }
        if bytes[start] == 0x20, let next = step(first.end), next.kind == .other {
            return newlinesEnd(runEnd(next.end, of: .other))
        }
        return lastNewlineEnd(start) ?? spaceEnd(start, first, endsAtNumber: false)
    }

    /// The end of a run of numbers, of so many at most, the first of which is there.
    func numbersEnd(_ first: Step, most: Int) -> Int {
        var end = first.end
        for _ in 1..<most {
            guard let next = step(end), next.kind == .number else { break }
            end = next.end
        }
        return end
    }

    /// `\s+(?!\S)|\s+`: all of the run if the text ends after it, else all but its last scalar, else that one.
    func spaceEnd(_ start: Int, _ first: Step, endsAtNumber: Bool) -> Int {
        var last = start
        var end = first.end
        while let next = step(end) {
            if next.kind == .number, endsAtNumber { return end }
            guard next.kind == .space else { return last == start ? end : last }
            last = end
            end = next.end
        }
        return end
    }

    func newlinesEnd(_ start: Int, orSlashes: Bool = false) -> Int {
        var end = start
        while let byte = byte(end), byte == 0x0a || byte == 0x0d || (orSlashes && byte == UInt8(ascii: "/")) {
            end += 1
        }
        return end
    }

    /// `\s*[\r\n]+`: the run of white space up to its last line break; `nil` if it has none.
    func lastNewlineEnd(_ start: Int) -> Int? {
        var end = start
        var newline: Int?
        while let next = step(end), next.kind == .space {
            if bytes[end] == 0x0a || bytes[end] == 0x0d { newline = next.end }
            end = next.end
        }
        return newline
    }

    /// The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d`; `nil` if none of them is there.
    func contractionEnd(_ start: Int, ignoringCase: Bool) -> Int? {
        let fold: UInt8 = ignoringCase ? 0x20 : 0
        guard let first = byte(start + 1) else { return nil }
        let second = byte(start + 2) ?? 0
        switch (first | fold, second | fold) {
        case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _):
            return start + 2
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return start + 3
        default:
            // U+017F, the long s, folds to s.
            return ignoringCase && first == 0xc5 && second == 0xbf ? start + 3 : nil
        }
    }
}
