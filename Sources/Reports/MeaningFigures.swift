import Elements

/// Latents of several meanings in the JSON of a report.
struct MeaningFigures: Encodable {
    struct Scorer: Encodable {
        let node: String
        let method: String
        let latents: Int
        let parts: Int
        let together: MethodFigures.Mean?
        let apart: MethodFigures.Mean?
        let share_in_no_part: Double?
    }

    struct Part: Encodable {
        struct Score: Encodable {
            let node: String
            let value: Double
            let ci: [Double]
            let n: Int
        }

        let text: String
        let weight: Double
        let windows: Int
        let scores: [Score]
    }

    struct Latent: Encodable {
        let latent: Int
        let coder: String
        let meanings: Double
        let clusters: Int
        let separation: Double?
        let rest: Double
        let parts: [Part]
    }

    let node: String
    let latents: Int
    let by_clusters: [String: Int]
    let several: MethodFigures.Mean?
    let median_meanings: Double?
    let unexplained_parts: Int
    let scorers: [Scorer]
    let of_several: [Latent]

    init(_ summary: MeaningSummary) {
        node = summary.node
        latents = summary.latents
        by_clusters = Dictionary(uniqueKeysWithValues: summary.byClusters.map { ("\($0)", $1) })
        several = summary.several.map(MethodFigures.Mean.init)
        median_meanings = summary.median
        unexplained_parts = summary.unexplained
        scorers = summary.scorers.map {
            Scorer(
                node: $0.node, method: $0.method, latents: $0.latents, parts: $0.parts,
                together: $0.together.map(MethodFigures.Mean.init), apart: $0.apart.map(MethodFigures.Mean.init),
                share_in_no_part: $0.inNoPart)
        }
        of_several = summary.explanations.compactMap { explanation in
            explanation.parts.map { parts in
                Latent(
                    latent: explanation.latent, coder: explanation.coder.name, meanings: parts.meanings,
                    clusters: parts.clusters, separation: parts.separation, rest: parts.rest,
                    parts: parts.parts.enumerated().map { place, part in
                        Part(
                            text: part.text, weight: part.weight, windows: part.windows,
                            scores: summary.figures(of: place, in: explanation).map {
                                Part.Score(
                                    node: $0.node, value: $0.figure.value, ci: [$0.figure.lower, $0.figure.upper],
                                    n: $0.figure.count)
                            })
                    })
            }
        }
    }
}
