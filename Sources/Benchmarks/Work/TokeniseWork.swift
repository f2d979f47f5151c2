internal import Dataflow
internal import Tokenization

/// Turning text into token ids, on one thread.
enum TokeniseWork {
    /// The approximate number of bytes of the whole documents; the program it is compared with reads the same number.
    private static let bytes = 2_000_000

    static func trial(_ inputs: BenchmarkInputs) throws(BenchmarkError) -> Trial {
        var texts: [String] = []
        var count = 0
        for text in inputs.settings.texts where count < bytes {
            texts.append(text)
            count += text.utf8.count
        }
        let (tokenizer, seconds, work, size) = (try inputs.tokenizer, inputs.seconds, texts, Double(count))
        let pool = ComputePool<Void>(name: "tokenise", threads: 1)
        let job = { @Sendable (_: Void) in for text in work { _ = tokenizer.encode(text) } }
        return Trial(title: "tokenise, 1 thread", baseline: .program) {
            size / 1e6 / (try await seconds.of(threads: 1, on: pool, [job]))
        }
    }
}
