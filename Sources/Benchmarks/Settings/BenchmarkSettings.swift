/// The settings and inputs of benchmarks.
public struct BenchmarkSettings: Sendable {
    /// A GGUF file or a Hugging Face folder.
    public let model: String
    /// The folder of a sparse coder.
    public let coder: String
    /// The hookpoint that the coder reads.
    public let hookpoint: String
    /// The documents' texts.
    public let texts: [String]
    /// The most tokens of a context.
    public let context: Int
    /// How often each piece of work is done.
    public let rounds: Int
    /// How many threads work at once.
    public let threads: Int
    /// The clock that is used.
    public let clock: BenchmarkClock
    /// A program and its arguments that opens `model`, prints the token after `startPrompt` by `FirstToken.run` and
    /// ends; `nil` if the start is not measured.
    public let startCommand: [String]?

    /// The text that the start of a process is measured on.
    public static let startPrompt = "The capital of France is"

    /// Makes settings.
    ///
    /// `texts` may be empty and files missing if no row that is chosen needs them. Throws if a number is not positive.
    public init(
        model: String, coder: String, hookpoint: String = "layers.10", texts: [String], context: Int = 256,
        rounds: Int = 5, threads: Int,
        clock: BenchmarkClock = .wall, startCommand: [String]? = nil
    ) throws(BenchmarkError) {
        for (name, value, least, most) in [
            ("rounds", rounds, 1, 1000), ("threads", threads, 1, 1000), ("context", context, 2, 1_000_000),
        ] where !(least...most).contains(value) {
            throw .setting(name: name, found: "\(value)", expected: "a number from \(least) to \(most)")
        }
        self.model = model
        self.coder = coder
        self.hookpoint = hookpoint
        self.texts = texts
        self.context = context
        self.rounds = rounds
        self.threads = threads
        self.clock = clock
        self.startCommand = startCommand
    }
}
