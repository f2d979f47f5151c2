public import Elements
public import StateNotes
public import Store

/// The contents of a state directory: explanations, scores, jobs and how far the corpus was read.
public struct RunReport: Sendable {
    /// The epoch of the last checkpoint; 0 before the first.
    public let epoch: UInt64
    /// How far each partition was read.
    public let fences: [Fence]
    /// The latest report of each reservoir about itself.
    public let evidence: [EvidenceNote]
    /// The current explanations.
    public let explanations: [Explanation]
    /// The latents explained again, by explain node.
    public let again: [AgainSummary]
    /// How many meanings latents have, by explain node that tells them apart.
    public let meanings: [MeaningSummary]
    /// The scores by method and explainer.
    public let summaries: [ScoreSummary]
    /// The hash of the evidence, if there is one reservoir besides those of random coders; `nil` otherwise.
    public let evidenceDigest: String?
    /// Nodes that can be compared, each with the first of its kind; methods, whose agreement stands by itself, are left out.
    public let nodeComparisons: [NodeComparison]
    /// The agreement of each pair of scorers.
    public let comparisons: [ScorerComparison]
    /// The methods that were used at several hookpoints.
    public let layerTrends: [LayerTrend]
    /// The encode nodes whose coder is random, by name.
    public let randomCoders: Set<String>
    /// The reasons why latents have no score, by score node.
    public let skipped: [SkippedLatents]
    /// Jobs by node and state.
    public let jobs: [(node: String, state: String, count: Int)]
    /// The reasons why jobs failed, by node, with the number of jobs for each and their latents, the commonest first.
    public let failures: [FailedJobs]
    /// The requests to each server and their cost, by the name of its model.
    public let spent: [String: ModelSpend]
    /// Whether the topology's budget was spent when it last ran, so that open jobs wait for a larger one.
    public let isBudgetSpent: Bool
    /// Refused records by code.
    public let deadLetters: [String: Int]
    /// Whether every record was counted once, and all that was stored of it is still there: false after a start with
    /// `--accept-gap`, or if evidence is damaged.
    public let isExact: Bool
    /// The stored evidence, compared with its checksums.
    public let segments: SegmentCheck
    /// Whether records were skipped or counted twice, after a start with `--accept-gap`.
    public let isGapAccepted: Bool
    /// Whether the evidence was computed by more than one CPU kernel.
    public let isMixed: Bool

    /// What models wrote for some of the explanations.
    let written: WrittenSamples

    /// Reads a state directory, while a daemon runs on it or after it has stopped.
    ///
    /// - Throws: `StoreError` if there is none or it cannot be read.
    public init(directory: String) throws {
        let reader = try Store.reader(directory: directory)
        let checkpoint = try reader.latestCheckpoint()
        epoch = checkpoint?.epoch ?? 0
        fences = checkpoint?.fences ?? []
        let results = try SummarisedResults(in: reader, directory: directory)
        explanations = results.explanations
        again = results.again
        meanings = results.meanings
        let (randomCoders, summaries) = (results.randomCoders, results.summaries)
        self.summaries = summaries
        nodeComparisons = results.compared.allPairs(
            of: ComparisonKind.allCases.filter { $0 != .methods }, besideFirst: true
        ).concurrentMap { NodeComparison($0, verdicts: { _ in nil }) }.compactMap(\.self)
        written = try WrittenSamples(of: summaries, in: reader)
        comparisons = ScorerComparison.all(of: summaries.map { ($0.name, $0) })
        layerTrends = LayerTrend.all(of: summaries)
        self.randomCoders = randomCoders
        skipped = try SkippedLatents.notes.all(in: reader)
        jobs = try reader.jobStates().sorted { $0.key < $1.key }.flatMap { node, states in
            states.sorted { $0.key.rawValue < $1.key.rawValue }.map { (node, $0.key.rawValue, $0.value) }
        }
        failures = FailedJobs.all(try reader.jobs(in: .failed))
        spent = try ModelSpend.note.read(in: reader) ?? [:]
        isBudgetSpent = try BudgetNote.isSpent.read(in: reader) ?? false
        deadLetters = try reader.deadLetterCounts()
        segments = try reader.checkSegments()
        isGapAccepted = try EvidenceFlags.isExact.read(in: reader) == false
        isExact = !isGapAccepted && segments.damaged.isEmpty
        isMixed = try EvidenceFlags.isMixed.read(in: reader) ?? false
        let notes = try EvidenceNote.notes.all(in: reader)
        evidence = notes
        let digests = notes.filter { $0.coder.map { !randomCoders.contains($0) } ?? true }.map(\.digest)
        evidenceDigest = digests.count == 1 ? digests.first : nil
    }
}
