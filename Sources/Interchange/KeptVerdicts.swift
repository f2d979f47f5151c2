internal import Elements
package import Scoring

/// The questions to a judge and its verdicts, kept with the score: each example's tokens, marks, truth and verdict.
///
/// In bytes: a version, the number of examples, then each example's flags, block, tokens, marks and probability; whole
/// numbers are LEB128.
package struct KeptVerdicts: Sendable, Hashable {
    /// One example.
    package struct Example: Sendable, Hashable {
        package var tokens: [UInt32]
        /// `[tokens]`, or empty if none are marked.
        package var marked: [Bool]
        /// Whether the right verdict is yes.
        package var isPositive: Bool
        /// The block of rank, 0 the strongest; `nil` for most negatives.
        package var block: Int?
        /// The verdict; `nil` if it failed.
        package var isYes: Bool?
        /// The probability of yes, if the form of the answer gave one.
        package var probability: Float?
    }

    private static let version = 1
    /// The examples, in the order in which they were asked about.
    package let examples: [Example]

    /// Makes them.
    package init(examples: [Example]) { self.examples = examples }

    /// The questions of a plan with their verdicts, in the plan's order.
    package init(_ plan: ScoringPlan, _ outcome: JudgedOutcome) {
        examples = zip(plan.questions, outcome.verdicts).map { question, verdict in
            Example(
                tokens: question.tokens, marked: question.marked, isPositive: question.isPositive,
                block: question.block, isYes: verdict.isYes, probability: verdict.probability.map { Float($0) })
        }
    }

    /// The bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        func put(_ value: Int) { LEB128.append(UInt64(clamping: value), to: &bytes) }
        put(Self.version)
        put(examples.count)
        for example in examples {
            let flags: [Bool] = [
                example.isPositive, example.isYes != nil, example.isYes == true, example.probability != nil,
                example.block != nil, !example.marked.isEmpty,
            ]
            put(flags.enumerated().reduce(0) { $0 | ($1.element ? 1 << $1.offset : 0) })
            if let block = example.block { put(block) }
            put(example.tokens.count)
            for token in example.tokens { put(Int(token)) }
            if !example.marked.isEmpty {
                for index in example.tokens.indices {
                    put(index < example.marked.count && example.marked[index] ? 1 : 0)
                }
            }
            if let probability = example.probability { put(Int(probability.bitPattern)) }
        }
        return bytes
    }

    /// Reads bytes; `nil` if they are not in the form that `bytes` writes.
    package init?(bytes: [UInt8]) {
        var rest = bytes[...]
        func take() -> Int? {
            var number = LEB128.Reader<UInt64>()
            // Of eight bytes at most, a number is below 2^56.
            for byte in rest.prefix(8) {
                rest.removeFirst()
                guard let value = try? number.take(byte) else { continue }
                return Int(value)
            }
            return nil
        }
        guard take() == Self.version, let count = take(), count <= bytes.count else { return nil }
        var examples: [Example] = []
        for _ in 0..<count {
            guard let flags = take() else { return nil }
            func has(_ flag: Int) -> Bool { flags >> flag & 1 == 1 }
            var example = Example(tokens: [], marked: [], isPositive: has(0))
            if has(1) { example.isYes = has(2) }
            if has(4) {
                guard let block = take() else { return nil }
                example.block = block
            }
            guard let length = take(), length <= bytes.count else { return nil }
            for _ in 0..<length {
                guard let token = take().flatMap({ UInt32(exactly: $0) }) else { return nil }
                example.tokens.append(token)
            }
            for _ in 0..<(has(5) ? length : 0) {
                guard let mark = take() else { return nil }
                example.marked.append(mark == 1)
            }
            if has(3) {
                guard let bits = take().flatMap({ UInt32(exactly: $0) }) else { return nil }
                example.probability = Float(bitPattern: bits)
            }
            examples.append(example)
        }
        guard rest.isEmpty else { return nil }
        self.examples = examples
    }
}
