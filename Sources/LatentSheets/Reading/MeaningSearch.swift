/// Finds texts that mean what is asked, in whatever words.
package protocol MeaningSearch: Sendable {
    /// How near each text is to a question: the cosine of their vectors, `[texts]`.
    ///
    /// - Throws: What opening the encoder or running it throws.
    func likeness(of texts: [String], to question: String) async throws -> [Double]
}
