import Elements
import Hashing

/// Cuts the windows of questions down to some tokens round a place, so that a judge reads less.
///
/// A window in which the latent fires is cut round its strongest token, a silent one round a place drawn from those of the others, so
/// that neither length nor place says of which class it is. Marks stay whole: with them the place is their span, which both
/// classes have alike. Two thirds of what there is room for stand before the place, for most latents go by what comes before.
struct QuestionClip {
    /// The tokens that are shown of a window.
    private let width: Int
    private let peaks: [Hash128: Int]
    /// The peaks, ascending.
    private let places: [Int]

    /// Makes a clip; `examples` are windows in which the latent fires.
    init(width: Int, examples: some Sequence<Example>) {
        self.width = max(width, 1)
        var peaks: [Hash128: Int] = [:]
        for example in examples {
            // The first of the strongest.
            peaks[example.window.identity] = example.activations.firstIndex(of: example.peak) ?? 0
        }
        self.peaks = peaks
        places = peaks.values.sorted()
    }

    /// The question about a part of its window.
    func clipped(_ question: Question) -> Question {
        let range = range(of: question)
        return Question(
            identity: question.identity, tokens: Array(question.tokens[range]),
            marked: question.marked.isEmpty ? [] : Array(question.marked[range]), isPositive: question.isPositive,
            block: question.block, document: question.document)
    }

    private func range(of question: Question) -> Range<Int> {
        let count = question.tokens.count
        let isMarked = question.marked.count == count
        let first = isMarked ? question.marked.firstIndex(of: true) : nil
        let last = isMarked ? question.marked.lastIndex(of: true) : nil
        let span = (first ?? place(of: question))...max(last ?? 0, first ?? place(of: question))
        let length = min(max(width, span.count), count)
        let before = (length - span.count) * 2 / 3
        let lower = min(max(span.lowerBound - before, 0), count - length)
        return lower..<(lower + length)
    }

    private func place(of question: Question) -> Int {
        let last = max(question.tokens.count - 1, 0)
        if let peak = peaks[question.identity] { return min(max(peak, 0), last) }
        guard !places.isEmpty else { return 0 }
        return min(places[Int(question.identity.low % UInt64(places.count))], last)
    }
}
