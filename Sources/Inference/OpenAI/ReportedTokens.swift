/// The numbers of tokens that endpoints report.
enum ReportedTokens {
    /// A number that can be added up without end; 0 if the endpoint does not say.
    static func count(_ reported: Int?) -> Int { min(max(reported ?? 0, 0), 1 << 31) }
}
