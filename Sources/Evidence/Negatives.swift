public import Elements

/// Windows of the pool in which a latent is silent.
public enum Negatives {
    /// Windows for scoring: those that never occurred in a train document, by ascending priority.
    public static func test(for latent: Int, in pool: [PoolWindow]) -> [PoolWindow] {
        pool.filter { !$0.isTrain && !$0.fires(latent) }
    }

    /// Windows for explaining: those that never occurred in a test document, by ascending priority.
    public static func train(for latent: Int, in pool: [PoolWindow]) -> [PoolWindow] {
        pool.filter { !$0.isTest && !$0.fires(latent) }
    }
}

extension PoolWindow {
    /// Whether a latent fires in the window, in any of its occurrences.
    public func fires(_ latent: Int) -> Bool {
        var low = 0
        var high = latents.count
        while low < high {
            let middle = (low + high) / 2
            if Int(latents[middle]) < latent { low = middle + 1 } else { high = middle }
        }
        return low < latents.count && Int(latents[low]) == latent
    }
}
