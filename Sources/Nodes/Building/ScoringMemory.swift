import Elements
import Evidence
import Explaining
import Scoring
import Stages
import Topology

/// The memory of the explain and score nodes after one reservoir, as an upper estimate for usual text.
struct ScoringMemory {
    /// A view and the one after it may be in use by different nodes.
    private static let views = 2.0
    /// Documents are parted by a hash: hardly ever does a side have more than three fifths of the pool.
    private static let side = 0.6
    /// Terms of a vocabulary, with those that hold for several tokens.
    private static let terms = 1 << 19
    /// The width of the widest vectors in use.
    private static let embedding = 1536.0
    /// An explanation's text and predicate, in bytes: a text has at most 300 characters, and few need more than one byte.
    private static let prose = 1024.0
    /// What tables hold of an explanation by its latent and by its job, in bytes.
    private static let held = 2 * 8.0 + 6 * 8.0

    private let settings: ReservoirSettings
    private let sample: Int
    private let cores: Double
    private let pool: PoolShape
    /// The windows of one side.
    private let side: PoolShape

    /// Takes a reservoir's plan with the sample size in force, and the latents active on a token of usual text.
    init(_ plan: ReservoirPlan, sample: Int? = nil, latents: Int, active: Int, cores: Int) {
        settings = plan.settings
        self.sample = min(sample ?? plan.settings.sample, plan.settings.sample)
        let sample = self.sample
        self.cores = Double(max(1, cores))
        let tokens = min(plan.settings.window, max(1, plan.contextLength))
        // Usual text has at most a sixth of a coder's latents fire in one window of the pool.
        let firing = min(tokens * max(1, min(active, latents)), max(latents / 6, 64))
        func shape(of share: Double) -> PoolShape {
            PoolShape(
                windows: Int((share * Double(plan.settings.pool)).rounded(.up)), tokens: tokens, latents: latents,
                firing: firing, sample: (sample + 1) / 2)
        }
        pool = shape(of: 1)
        side = shape(of: Self.side)
    }

    /// The bytes that some explain and score nodes take, all at work at once.
    func bytes(of nodes: [any TakesLatents]) -> Double {
        let scoring = nodes.compactMap { $0 as? any Scores }
        var bytes = nodes.reduce(0) { $0 + $1.memory(self) }
        if !scoring.isEmpty { bytes += Self.views * negatives }
        if scoring.contains(where: { $0.negatives?.tiers.isEmpty == false }) { bytes += Self.views * tiers }
        // Vectors of a view are listed before they are put together.
        let encoders = Set(scoring.compactMap { $0.negatives?.encoder })
        bytes += Double(encoders.count) * (Self.views + 1) * Double(side.windows) * (4 * Self.embedding + 64)
        return bytes
    }

    /// The decoded pool of a view, and its windows that may serve as negatives: all of them, and once more by the parts
    /// that comparisons take.
    var negatives: Double { pool.decodedBytes + 2 * NegativePool.memoryEstimate(of: side) }

    /// The runs of tokens of a view's windows that may serve as negatives, of all and of the parts.
    var runs: Double { 2 * TokenRunIndex.memoryEstimate(windows: side.windows, tokens: side.tokens) }

    /// The memory for the tiers of negatives of a view.
    var tiers: Double {
        NegativeTiers.memoryEstimate(of: side) + CofiringNeighbours.memoryEstimate(of: pool)
            + 8.0 / 3 * Double(pool.windows) * Double(MemoryLayout<Window>.stride + 16)
    }

    /// Windows held of a latent in all its lists.
    private var entries: Int { sample + settings.top + 2 * settings.recent }

    /// The memory of a lexical explain node while it explains a view.
    var lexicalIndex: Double { pool.decodedBytes + LexicalIndex.memoryEstimate(of: side, terms: Self.terms) }

    private var explanation: Double {
        Double(Explanation.heldBytes) + Self.prose + 16 * Double(pool.sample)
    }

    private func count(of latents: LatentSelection) -> Double { Double(latents.mostLatents(of: pool.latents)) }

    private var record: Double { Double(MemoryLayout<PoolWindow>.stride) }

    private var held: Double { 2 * pool.exampleBytes(pool.sample + 2 * settings.recent) }
}

/// The memory that nodes of a kind hold.
extension ScoringMemory {
    /// The explanations of some latents.
    func explanations(_ latents: LatentSelection) -> Double { count(of: latents) * explanation }

    /// A node that explains by the tokens of windows.
    func lexical(_ latents: LatentSelection) -> Double {
        explanations(latents) + lexicalIndex + cores * pool.exampleBytes(entries)
    }

    /// A node that asks a model for explanations.
    func asking(_ latents: LatentSelection) -> Double {
        // A plan's windows exist once more as its stored text, some ten bytes a token.
        let plan = 10 * Double(pool.sample) * Double(pool.tokens)
        return explanations(latents) + pool.decodedBytes
            + Double(BatchSizes.askedAtOnce) * (plan + pool.exampleBytes(pool.sample))
    }

    /// What some jobs hold at a time that turn latents up inside the subject: logits, and sums over them.
    func turningUp(jobs: Int) -> Double {
        Double(OutputReading.mostCleanBytes)
            + Double(jobs) * (Double(OutputReading.mostChangedBytes) + 2 * 24 * Double(1 << 18))
    }

    /// The parts of explanations, with the tokens that tell them apart, and what is clustered at a time.
    func parting(_ latents: LatentSelection) -> Double {
        // Two halves of at most 24 tokens in each of four parts; a matrix of likeness, its copy, and that of a shuffling.
        let windows = Double(min(sample, 256))
        return count(of: latents) * 32_768 + cores * 4 * 8 * windows * windows
    }

    /// A node that executes explanations.
    func executing(_ node: some Scores) -> Double {
        scoring(node) + Self.views * runs + Double(BatchSizes.executedAtOnce) * cores
            * (held + tiers(of: node) * Double(BatchSizes.executedWindows) * record)
    }

    /// A node that embeds explanations and `examples` windows of each kind.
    func embedding(_ node: some Scores, examples: Int) -> Double {
        let texts = Double(examples) * (3 + tiers(of: node))
        return scoring(node) + Double(BatchSizes.embeddedAtOnce)
            * (held + texts * (record + 8 * Double(pool.tokens) + 4 * Self.embedding + 128))
    }

    /// A node whose plans ask a model about `windows` windows of each kind.
    func judging(_ node: some Scores, windows: Int) -> Double {
        let plan = Double(windows) * (3 + tiers(of: node)) * 16 * Double(pool.tokens)
        return scoring(node) + Double(BatchSizes.judgedAtOnce) * (held + 2 * record * Double(side.windows) + plan)
    }

    private func tiers(of node: some Scores) -> Double { Double(node.negatives?.tiers.count ?? 0) }

    private func scoring(_ node: some Scores) -> Double {
        // By explanation: it and its job in several tables, its round with the marks of recent windows.
        let book =
            count(of: node.latents) * Double(max(1, node.node.inputs.count))
            * (6 * Self.held + 512 + 8 * Double(settings.recent))
        return book + cores * 2 * pool.exampleBytes(entries)
    }
}
