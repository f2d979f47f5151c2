import Dataflow
public import Elements
public import StateNotes
public import Store

/// The contents of a state directory, or of all shares that a directory holds: explanations, scores, jobs and how far the corpus was
/// read.
public struct RunReport: Sendable {
    /// The epoch of the last checkpoint, of shares that of the one with the lowest; 0 before the first.
    public let epoch: UInt64
    /// The shares that it is made of, by the numbers of their processes; none for the state of one process.
    public let shares: [ReportedShare]
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
    /// The hash of the evidence, if there is one reservoir besides those of random coders; `nil` otherwise, and for shares whose
    /// evidence was not merged.
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

    /// The nodes of whose results this is a draw, by name; none if it is of all.
    public let drawn: [DrawnResults]
    /// The reservoirs whose shares have not all been told the same yet.
    public let uneven: Set<String>

    /// What models wrote for some of the explanations.
    let written: WrittenSamples

    /// The results that a report is made of, about, if there are more.
    public static let usual = ResultDraw.usual

    /// Reads a state directory, or all shares that a directory holds, while daemons run on it or after they have stopped.
    ///
    /// - Parameters:
    ///   - most: About how many results it is made of, if there are more: those of latents drawn at random.
    ///   - merging: Gives, by reservoir, the note of one into which the evidence of all shares was merged, `nil` where they have
    ///     not been told the same. It is asked where there are shares that have been; without it there is no digest of all.
    /// - Throws: `StoreError` if there is no state, if it cannot be read, or if shares do not belong together.
    public init(
        directory: String, most: Int = Self.usual,
        merging: (StoreReader) throws -> [String: EvidenceNote?] = { _ in [:] }
    ) throws {
        let reader = try Store.joinedReader(directory: directory)
        let parts = try reader.parts.map { try ReportedShare(of: $0) }
        shares = reader.shares.isEmpty ? [] : parts
        epoch = parts.map(\.epoch).min() ?? 0
        fences = try ReportedFences.all(of: parts, in: reader.directory)
        let read = try Self.read(drawnBy: ResultDraw(from: try reader.resultCounts(), most: most), in: directory)
        let results = try SummarisedResults(read.results, drawnBy: read.draw, in: reader)
        explanations = results.explanations
        again = results.again
        drawn = results.drawn
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
        skipped = try SkippedLatents.all(in: reader)
        jobs = read.jobs.sorted { $0.key < $1.key }.flatMap { node, states in
            states.sorted { $0.key.rawValue < $1.key.rawValue }.map { (node, $0.key.rawValue, $0.value) }
        }
        failures = FailedJobs.all(try reader.jobs(in: .failed))
        spent = try ModelSpend.all(in: reader)
        isBudgetSpent = try reader.parts.contains { try BudgetNote.isSpent.read(in: $0) ?? false }
        deadLetters = try reader.deadLetterCounts()
        segments = read.segments
        isGapAccepted = parts.contains(where: \.isGapAccepted)
        isExact = !isGapAccepted && segments.damaged.isEmpty
        isMixed = parts.contains(where: \.isMixed)
        let held = try Self.evidence(of: parts, in: reader, merging: merging)
        (evidence, uneven) = (held.notes, held.uneven)
        let own = held.notes.filter { $0.coder.map { !randomCoders.contains($0) } ?? true }
        evidenceDigest = own.count == 1 ? own.first?.digest : nil
    }

    /// What takes time to read.
    private struct Reading {
        let draw: ResultDraw
        let results: ReadResults
        let jobs: [String: [JobState: Int]]
        let segments: SegmentCheck
    }

    /// Reads what takes time by all cores; of all evidence that is stored the checksums.
    private static func read(drawnBy draw: ResultDraw, in directory: String) throws -> Reading {
        enum Piece: Sendable {
            case segments(SegmentCheck)
            case jobs([String: [JobState: Int]])
            case results(ReadResults)
        }
        let results = try ReadResults.pieces(drawnBy: draw, in: directory)
        // The longest first, so that cores end at about the same time.
        let pieces = try concurrently(
            [
                { .segments(try Store.joinedReader(directory: directory).checkSegments()) },
                { .jobs(try Store.joinedReader(directory: directory).jobStates()) },
            ] + results.map { piece in { @Sendable () throws -> Piece in .results(try piece()) } })
        var (found, jobs, segments) = ([ReadResults](), [String: [JobState: Int]](), SegmentCheck())
        for piece in pieces {
            switch piece {
            case .segments(let check): segments = check
            case .jobs(let states): jobs = states
            case .results(let part): found.append(part)
            }
        }
        return Reading(draw: draw, results: ReadResults(joining: found), jobs: jobs, segments: segments)
    }

    /// What reservoirs hold, of all shares together where there are several; and those whose shares have not been told the same.
    private static func evidence(
        of parts: [ReportedShare], in reader: StoreReader, merging: (StoreReader) throws -> [String: EvidenceNote?]
    ) throws -> (notes: [EvidenceNote], uneven: Set<String>) {
        guard !reader.shares.isEmpty else { return (parts.flatMap(\.evidence), []) }
        var notes = try EvidenceNote.joined(
            parts.map { (share: $0.name, notes: $0.evidence) }, in: reader.directory)
        var uneven = EvidenceNote.uneven(among: parts.flatMap(\.evidence))
        guard uneven.isEmpty else { return (notes, uneven) }
        // Processes may have gone on since their notes were read.
        for (node, merged) in try merging(reader) {
            guard let place = notes.firstIndex(where: { $0.node == node }) else { continue }
            if let merged { notes[place] = merged } else { uneven.insert(node) }
        }
        return (notes, uneven)
    }
}
