import Elements
import Scoring
import Statistics
import TerminalText

/// Comparisons as text for a terminal.
public struct ComparisonTable {
    private let comparisons: [NodeComparison]
    private let width: Int

    /// Makes tables, one for each kind of comparison, in the order of the paper's, in lines of `width` columns.
    public init(_ comparisons: [NodeComparison], width: Int = .max) {
        self.comparisons = comparisons
        self.width = width
    }

    /// The text.
    public var text: String {
        guard !comparisons.isEmpty else { return "no two nodes have scores of the same latents" }
        // Names of models come from topologies, and those of nodes from the state.
        return lines.dropFirst().map(PlainText.line).flatMap { WrappedText.lines($0, width: width) }
            .joined(separator: "\n")
    }

    /// The lines; none without comparisons.
    var lines: [String] { tables + notes }

    private var tables: [String] {
        ComparisonKind.allCases.flatMap { kind -> [String] in
            let own = comparisons.filter { $0.kind == kind }
            guard !own.isEmpty else { return [] }
            let title = kind.title + " COMPARED" + (kind.paperTables.map { " (as in the paper's \($0))" } ?? "")
            return ["", title] + table(kind, own) + Self.differences(own)
        }
    }

    private func table(_ kind: ComparisonKind, _ own: [NodeComparison]) -> [String] {
        let head = ["a", "b", Self.common(kind), "latents", "mean a", "mean b", "a - b"]
        let isPaired = kind != .coders
        let heading =
            head + (isPaired ? ["a > b", "a = b", "a < b", "error", "unpaired", "more"] : ["error"])
            + (kind == .methods ? ["Spearman", "Pearson"] : []) + (isPaired ? ["windows"] : [])
        let rows = own.map { Self.row($0, isPaired: isPaired) }
        return ReportTable.columns([heading] + rows, atLeast: [14, 14, 16, 8, 7, 7, 17], width: width)
    }

    private static func common(_ kind: ComparisonKind) -> String {
        switch kind {
        case .methods, .judges, .scorers: "explained by"
        default: "scored by"
        }
    }

    private static func row(_ own: NodeComparison, isPaired: Bool) -> [String] {
        let count = own.latents.a == own.latents.b ? "\(own.latents.a)" : "\(own.latents.a), \(own.latents.b)"
        let head = [
            own.nodes.a, own.nodes.b, own.common, count, FigureText.number(own.means.a), FigureText.number(own.means.b),
            own.difference.map(figure) ?? "n/a",
        ]
        guard isPaired, let paired = own.paired else { return head + [FigureText.fine(own.unpairedError)] }
        let isComparable = own.difference != nil
        let (outcomes, none) = (paired.outcomes, "n/a")
        let counted = [outcomes.wins, outcomes.ties, outcomes.losses].map { isComparable ? "\($0)" : none }
        let tail =
            isComparable
            ? [FigureText.fine(paired.pairedError), FigureText.fine(paired.unpairedError), more(own)]
            : [none, none, none]
        return head + counted + tail
            + (own.kind == .methods ? [FigureText.number(paired.spearman), FigureText.number(paired.pearson)] : [])
            + [windows(own)]
    }

    private static func figure(_ estimate: Estimate) -> String {
        FigureText.difference(estimate.value, estimate.lower, estimate.upper)
    }

    /// How many more latents it takes.
    private static func more(_ own: NodeComparison) -> String {
        guard let needed = own.paired?.needed, let difference = own.difference else { return "n/a" }
        if difference.isTold { return "told" }
        switch needed {
        case .latents: return needed.more(than: own.latents.a).map { "\($0)" } ?? "n/a"
        case .noDifference: return "n/a"
        case .moreDocuments: return "documents"
        }
    }

    private static func windows(_ own: NodeComparison) -> String {
        let known = WindowBasis.allCases.filter { own.windows[$0] != nil }
        if known.count == 1 { return known[0].rawValue }
        return known.map { "\(own.windows[$0] ?? 0) \($0.rawValue)" }.joined(separator: ", ")
    }

    private static func differences(_ own: [NodeComparison]) -> [String] {
        var told: [String] = []
        for comparison in own where !comparison.differences.isEmpty {
            let fields = comparison.differences.sorted { $0.key < $1.key }
                .map { "\($0.key) \($0.value.joined(separator: " against "))" }
            let line = "  \(comparison.nodes.a), \(comparison.nodes.b): " + fields.joined(separator: "; ")
            if !told.contains(line) { told.append(line) }
        }
        return told
    }

    private var notes: [String] {
        guard !comparisons.isEmpty else { return [] }
        var lines: [String] = []
        if comparisons.contains(where: { $0.kind != .coders }) {
            lines += [
                "  a - b with its 95 % interval, latent by latent; error and unpaired: its standard error as it is, and had each "
                    + "node its own latents;",
                "  more: further latents that a difference of this size takes to be told in four of five repetitions, or told, or "
                    + "documents: more of these",
                "  windows: the same; common, of which both were asked; evidence, that of one checkpoint; or only the latent is the "
                    + "same",
            ]
        }
        if comparisons.contains(where: { $0.kind == .coders }) {
            lines.append(
                "  latents of two coders are not the same: means over each coder's own, and no latent is set beside another"
            )
        }
        if comparisons.contains(where: { $0.difference == nil }) {
            lines.append("  n/a: the two methods' headlines are different figures, of which there is no difference")
        }
        for basis in Set(comparisons.filter { $0.difference != nil }.map(\.intervalBasis)).sorted() {
            lines.append("  intervals by \(basis)")
        }
        return lines
    }
}
