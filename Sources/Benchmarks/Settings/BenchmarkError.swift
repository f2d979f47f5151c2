/// Why something cannot be measured.
public enum BenchmarkError: Error, Hashable, CustomStringConvertible {
    /// There is no benchmark of this name.
    case unknownName(String)
    /// A row was chosen without what it needs.
    case missing(BenchmarkNeed, row: Benchmark, reason: String)
    /// A setting cannot be right.
    case setting(name: String, found: String, expected: String)
    /// The texts have fewer tokens than the work takes.
    case tooFewTokens(found: Int, needed: Int)
    /// The file of baselines cannot be used.
    case baselines(file: String, reason: String)
    /// A program that was started for a measurement did not do its work.
    case program(command: String, reason: String)
    /// The system does not tell what is to be measured.
    case notMeasurable(what: String, reason: String)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .unknownName(let name):
            """
            There is no benchmark "\(name)". Those that there are: \
            \(Benchmark.allCases.map(\.rawValue).joined(separator: ", ")).
            """
        case .missing(let need, let row, let reason):
            """
            The row \(row.rawValue) needs \(need.title): \(reason). Give --\(need.rawValue), or choose rows that do without by \
            --only.
            """
        case .setting(let name, let found, let expected): "\(name): found \(found), expected \(expected)."
        case .tooFewTokens(let found, let needed):
            "The corpus has \(found) tokens, \(needed) are needed: give a longer one."
        case .baselines(let file, let reason):
            "\(file): \(reason). Make the file with deploy/bench-baselines.py."
        case .program(let command, let reason): "`\(command)` \(reason)."
        case .notMeasurable(let what, let reason): "\(what) cannot be measured here: \(reason)."
        }
    }
}
