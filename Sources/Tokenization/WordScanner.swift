/// Cuts UTF-8 text into words by a split rule, without regular expressions.
///
/// Bytes that are not UTF-8 count as one scalar of class `other` each, so that every byte is in exactly one word.
struct WordScanner: WordBoundaries {
    let bytes: UnsafeBufferPointer<UInt8>
    let rule: SplitRule
    private let classes: [UInt8]
    private let cases: [UInt8]

    init(_ bytes: UnsafeBufferPointer<UInt8>, rule: SplitRule) {
        self.bytes = bytes
        self.rule = rule
        classes = ScalarClasses.table
        cases = rule == .gpt4o ? LetterCases.table : []
    }

    /// One scalar of the text: its class, and the offset at which the next one starts.
    struct Step {
        let kind: ScalarClass
        let end: Int
    }

    /// The end of the word that starts at an offset within the text.
    @inline(__always)
    func end(of start: Int) -> Int {
        switch rule {
        case .gpt2: gpt2End(of: start, isolatesNumbers: false)
        case .isolatedDigits: gpt2End(of: start, isolatesNumbers: true)
        case .llama3: llamaEnd(of: start, mostNumbers: 3)
        case .qwen2: llamaEnd(of: start, mostNumbers: 1)
        case .gpt4o: casedEnd(of: start)
        }
    }

    /// The scalar at an offset; `nil` at the end.
    @inline(__always)
    func step(_ start: Int) -> Step? {
        guard start < bytes.count else { return nil }
        let first = bytes[start]
        if first < 0x80 { return Step(kind: kind(UInt32(first)), end: start + 1) }
        return wideStep(start)
    }

    /// Which part of a word the scalar at an offset may stand in, and where the next one starts; `nil` at the end.
    func casedStep(_ start: Int) -> (cases: LetterCases, end: Int)? {
        guard start < bytes.count else { return nil }
        let (scalar, end) = UTF8Scalars.scalar(bytes, at: start)
        guard let scalar, scalar.value < UInt32(cases.count) else { return ([], end) }
        return (LetterCases(rawValue: cases[Int(scalar.value)]), end)
    }

    /// The end of the run of one class that starts at an offset.
    @inline(__always)
    func runEnd(_ start: Int, of kind: ScalarClass) -> Int {
        var end = start
        while let step = step(end), step.kind == kind { end = step.end }
        return end
    }

    @inline(__always)
    private func kind(_ scalar: UInt32) -> ScalarClass {
        guard scalar < UInt32(classes.count) else { return .other }
        return ScalarClass(rawValue: classes[Int(scalar)]) ?? .other
    }

    private func wideStep(_ start: Int) -> Step {
        let (scalar, end) = UTF8Scalars.scalar(bytes, at: start)
        return Step(kind: scalar.map { kind($0.value) } ?? .other, end: end)
    }
}
