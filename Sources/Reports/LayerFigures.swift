import Elements

/// The scores of a method by layer in the JSON of a report.
struct LayerFigures: Encodable {
    struct Layer: Encodable {
        let hookpoint: String
        let scorer: String
        let latents: Int
        let mean: Double
        let interval: [Double]
    }

    let spearman: Double?
    let layers: [Layer]

    static func byMethod(_ trends: [LayerTrend]) -> [String: LayerFigures] {
        Dictionary(
            trends.map { trend in
                let layers = trend.layers.map {
                    Layer(
                        hookpoint: $0.hookpoint, scorer: $0.scorer, latents: $0.latents, mean: $0.mean.value,
                        interval: [$0.mean.lower, $0.mean.upper])
                }
                return (trend.method, LayerFigures(spearman: trend.spearman, layers: layers))
            }
        ) { first, _ in first }
    }
}
