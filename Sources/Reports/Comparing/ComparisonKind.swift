/// What two nodes that are compared differ in, in the order of the paper's tables.
public enum ComparisonKind: String, Sendable, Hashable, CaseIterable {
    /// Score nodes with different methods.
    case methods
    /// Explain nodes whose prompts ask or show something else.
    case prompts
    /// Explain nodes whose windows have different lengths.
    case windows
    /// Explain nodes that choose their examples in different ways.
    case samplers
    /// Explain nodes that show different numbers of examples.
    case examples
    /// Explain nodes with different explainers or models.
    case explainers
    /// Score nodes that ask different models.
    case judges
    /// Encode nodes.
    case coders
    /// Score nodes of one method and model that differ in something else.
    case scorers

    /// The tables of arXiv 2410.13928 that set the same beside each other; `nil` if there are none.
    var paperTables: String? {
        switch self {
        case .methods: "Tables A1 and A2"
        case .prompts: "Table A4"
        case .windows: "Table A5"
        case .samplers: "Table A6"
        case .examples: "Table A7"
        case .explainers: "Table A8"
        case .judges: "Table A9"
        case .coders: "Table A10"
        case .scorers: nil
        }
    }

    /// What is compared, in words.
    var title: String {
        switch self {
        case .methods: "METHODS"
        case .prompts: "PROMPTS"
        case .windows: "LENGTHS OF WINDOWS"
        case .samplers: "SAMPLERS"
        case .examples: "NUMBERS OF EXAMPLES"
        case .explainers: "EXPLAINERS"
        case .judges: "JUDGES"
        case .coders: "CODERS"
        case .scorers: "SCORERS"
        }
    }
}
