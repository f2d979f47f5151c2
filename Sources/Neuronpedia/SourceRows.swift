import JSONText

/// The rows that a source needs of its model, its set and its release, one each.
///
/// Source: `Model`, `SourceSet`, `Source` and `SourceRelease` of `apps/webapp/prisma/schema.prisma` of hijohnnylin/neuronpedia, of
/// which these are the columns without a default.
package struct SourceRows: Sendable {
    private struct Model: Encodable {
        let id: String
        let displayName: String
        let displayNameShort: String
        let creatorId: String
        let layers: Int
        let neuronsPerLayer: Int
        let owner: String
    }

    private struct Release: Encodable {
        let name: String
        let description: String
        let creatorName: String
        let creatorId: String
    }

    private struct SourceSet: Encodable {
        let modelId: String
        let name: String
        let description: String
        let creatorName: String
        let creatorId: String
        let releaseName: String
    }

    private struct Source: Encodable {
        let id: String
        let modelId: String
        let setName: String
        let creatorId: String
    }

    /// The name of each file and its one line.
    package let files: [(name: String, line: String)]

    /// Names a source; `layers` and `neurons` are the subject's, 0 if they are not known.
    package init(_ source: PublishedSource, layers: Int, neurons: Int) throws {
        let (bot, creator) = (PublishedSource.bot, "gloss")
        files = [
            (
                "release",
                try SortedJSON.text(
                    of: Release(
                        name: source.set, description: "Explanations by Gloss", creatorName: creator, creatorId: bot))
            ),
            (
                "model",
                try SortedJSON.text(
                    of: Model(
                        id: source.model, displayName: source.model, displayNameShort: source.model, creatorId: bot,
                        layers: layers, neuronsPerLayer: neurons, owner: creator))
            ),
            (
                "sourceset",
                try SortedJSON.text(
                    of: SourceSet(
                        modelId: source.model, name: source.set, description: "Latents of \(source.set)",
                        creatorName: creator, creatorId: bot, releaseName: source.set))
            ),
            (
                "source",
                try SortedJSON.text(
                    of: Source(id: source.name, modelId: source.model, setName: source.set, creatorId: bot))
            ),
        ]
    }
}
