extension WordScanner {
    /// The rule of GPT-4o, whose words end before a capital letter that follows a small one.
    func casedEnd(of start: Int) -> Int {
        guard let first = step(start) else { return start }
        if let end = casedWordEnd(start, first) { return contractionIfAny(end) }
        if first.kind == .number { return numbersEnd(first, most: 3) }
        if first.kind == .other { return newlinesEnd(runEnd(first.end, of: .other), orSlashes: true) }
        if bytes[start] == 0x20, let next = step(first.end), next.kind == .other {
            return newlinesEnd(runEnd(next.end, of: .other), orSlashes: true)
        }
        return lastNewlineEnd(start) ?? spaceEnd(start, first, endsAtNumber: false)
    }

    private func contractionIfAny(_ start: Int) -> Int {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "'") else { return start }
        return contractionEnd(start, ignoringCase: true) ?? start
    }

    /// The end of a word, with the scalar before it that is neither letter nor number nor line break, if there is one.
    ///
    /// A mark may be that scalar or the word's own first; the expression prefers words with a small letter, and then the former.
    private func casedWordEnd(_ start: Int, _ first: Step) -> Int? {
        let isNewline = bytes[start] == 0x0a || bytes[start] == 0x0d
        let mayPrecede = first.kind != .letter && first.kind != .number && !isNewline
        if mayPrecede, let end = lowerEnd(first.end) { return end }
        if let end = lowerEnd(start) { return end }
        if mayPrecede, let end = upperEnd(first.end) { return end }
        return upperEnd(start)
    }

    /// `U*W+`: if no small letter comes after the run of `U`, the last of it that is a `W` too is given back.
    private func lowerEnd(_ start: Int) -> Int? {
        var end = start
        var last: Int?
        while let step = casedStep(end), step.cases.contains(.upper) {
            end = step.end
            if step.cases.contains(.lower) { last = end }
        }
        guard let small = casedStep(end), small.cases.contains(.lower) else { return last }
        end = small.end
        while let next = casedStep(end), next.cases.contains(.lower) { end = next.end }
        return end
    }

    /// `U+W*` where no small letter comes after it.
    private func upperEnd(_ start: Int) -> Int? {
        var end = start
        while let step = casedStep(end), step.cases.contains(.upper) { end = step.end }
        return end > start ? end : nil
    }
}
