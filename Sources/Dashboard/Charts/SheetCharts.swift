import LatentSheets
import TerminalText

/// How often a latent fires how strongly.
struct ActivityChart {
    let activity: SheetActivity

    init(_ activity: SheetActivity) { self.activity = activity }

    var markup: Markup {
        let bars = activity.histogram
        return BarChart(
            title: "Tokens by activation, each bar twice as strong as the one before; heights are logarithms",
            bars: bars.map {
                BarChart.Bar(name: "\(Words.value($0.lower))–\(Words.value($0.upper))", count: Double($0.count))
            }, isLogarithmic: true,
            ends: (Words.value(bars.first?.lower ?? 0), Words.value(bars.last?.upper ?? 0)), unit: "tokens"
        ).markup
    }
}

/// How a latent changes the logits of all tokens.
struct PromotionChart {
    let promotion: SheetPromotion

    init(_ promotion: SheetPromotion) { self.promotion = promotion }

    var markup: Markup {
        let bars = promotion.histogram
        return BarChart(
            title: "Tokens by how much it changes their logits; heights are logarithms",
            bars: bars.map {
                BarChart.Bar(
                    name: "\(SheetText.signed($0.lower)) to \(SheetText.signed($0.upper))", count: Double($0.count),
                    isOther: $0.upper <= 0)
            }, isLogarithmic: true,
            ends: (SheetText.signed(bars.first?.lower ?? 0), SheetText.signed(bars.last?.upper ?? 0)),
            unit: "tokens"
        ).markup
    }
}

/// How scores are spread.
struct ScoreChart {
    let scores: Overview.Scores

    init(_ scores: Overview.Scores) { self.scores = scores }

    var markup: Markup {
        let bars = scores.histogram
        let (least, largest) = (bars.first?.lower ?? 0, bars.last?.upper ?? 1)
        func line(_ name: String, _ value: Double?, _ style: String) -> [BarChart.Line] {
            value.map {
                [
                    BarChart.Line(
                        name: "\(name) \(FigureText.number($0))", place: ($0 - least) / (largest - least), style: style)
                ]
            } ?? []
        }
        return BarChart(
            title: "Latents by \(scores.method) of \(scores.explainedBy)",
            bars: bars.map {
                BarChart.Bar(
                    name: "\(FigureText.number($0.lower))–\(FigureText.number($0.upper))", count: Double($0.count))
            }, ends: (FigureText.number(least), FigureText.number(largest)),
            lines: line("shuffled", scores.control, "control") + line("random coder", scores.randomCoder, "random"),
            unit: "latents"
        ).markup
    }
}
