/// What is asked of an endpoint at one of its addresses.
struct HTTPCall: Sendable {
    var method = "POST"
    /// The whole address.
    let url: String
    /// The kind of the body; `nil` for a request without one.
    var contentType: String? = "application/json"
    var body: [UInt8] = []
    /// The most bytes of an answer; `nil` for what answers to questions may have.
    var maximumResponseBytes: Int?
    /// The least time that it may take: files take longer than answers.
    var minimumTimeout = Duration.zero
    /// Whether the body of a good answer is JSON.
    var givesJSON = true
    /// Whether it may be sent again when it is not known whether it arrived.
    var isRepeatable = true
}
