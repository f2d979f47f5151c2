import Elements
import Examples
import Statistics

/// What windows are compared by: for each half of their tokens a row of length 1 for each window.
struct WindowFeatures: Sendable {
    /// A half: the tokens at which the latent fires, or those near.
    struct Half: Sendable {
        /// The texts of the columns, ascending.
        let texts: [String]
        /// `[columns]`: what a column weighs.
        let rarities: [Double]
        /// `[windows]`: columns, ascending, with values, not yet of length 1.
        fileprivate(set) var rows: [[(column: Int, value: Double)]]

        init(_ windows: [[String: Double]], rarity: (String) -> Double) {
            texts = Set(windows.flatMap(\.keys)).sorted()
            rarities = texts.map(rarity)
            let columns = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ($1, $0) })
            rows = windows.map { window in
                window.compactMap { text, value in columns[text].map { (column: $0, value: value) } }
                    .sorted { $0.column < $1.column }
            }
        }

        /// The length of a window's row.
        func length(of window: Int) -> Double {
            rows[window].reduce(0) { $0 + $1.value * $1.value }.squareRoot()
        }

        /// Each column's values given to windows drawn at random: what columns have in common is gone.
        fileprivate func shuffled(_ generator: inout SeededGenerator) -> Half {
            var values = [[Double]](repeating: [], count: texts.count)
            for row in rows { for (column, value) in row { values[column].append(value) } }
            var windows = Array(rows.indices)
            var half = self
            half.rows = rows.map { _ in [] }
            for (column, values) in values.enumerated() {
                for (place, value) in values.enumerated() {
                    windows.swapAt(place, place + generator.next(below: windows.count - place))
                    half.rows[windows[place]].append((column, value))
                }
            }
            return half
        }

        fileprivate func add(to likeness: inout LikenessMatrix) {
            let lengths = rows.indices.map(length)
            var members = [[(window: Int, value: Double)]](repeating: [], count: texts.count)
            for (window, row) in rows.enumerated() where lengths[window] > 0 {
                for (column, value) in row { members[column].append((window, value / lengths[window])) }
            }
            for column in members {
                for (place, first) in column.enumerated() {
                    for second in column[place...] {
                        likeness[first.window, second.window] += TellingTokens.share * first.value * second.value
                    }
                }
            }
        }
    }

    private(set) var fired: Half
    private(set) var near: Half
    /// The number of windows.
    var count: Int { fired.rows.count }

    init(of windows: [TellingTokens], rarity: TokenRarity) {
        fired = Half(windows.map(\.fired)) { _ in 1 }
        near = Half(
            windows.map { window in
                Dictionary(uniqueKeysWithValues: window.near.map { ($0, rarity[$0]) }.filter { $0.1 > 0 })
            }
        ) { rarity[$0] }
    }

    /// The halves' cosines of each two windows, added up by their shares.
    var likeness: LikenessMatrix {
        var likeness = LikenessMatrix(count: count)
        fired.add(to: &likeness)
        near.add(to: &likeness)
        return likeness
    }

    /// Windows with as many of each token, drawn at random.
    func shuffled(_ generator: inout SeededGenerator) -> WindowFeatures {
        var features = self
        features.fired = fired.shuffled(&generator)
        features.near = near.shuffled(&generator)
        return features
    }
}
