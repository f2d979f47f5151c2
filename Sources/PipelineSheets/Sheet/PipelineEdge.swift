/// What goes from one node to another.
package struct PipelineEdge: Sendable, Hashable, Codable {
    /// The node that gives.
    package var from: String
    /// The port that is read; `nil` for the main output.
    package var port: String?
    /// The node that takes.
    package var to: String
    /// What goes along, such as `token contexts`.
    package var carries: String
    /// What is counted of it, such as `tokens`.
    package var unit: String
    /// How many of these go along per second; `nil` if that is not known.
    package var perSecond: Double?

    /// Makes an edge of which nothing is known but what the file says.
    package init(from: String, port: String? = nil, to: String, carries: String, unit: String) {
        (self.from, self.port, self.to, self.carries, self.unit) = (from, port, to, carries, unit)
    }
}
