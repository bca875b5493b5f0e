import CKernels
import COpenBLAS

/// Products of packed matrices with prompt rows by OpenBLAS: panels are converted to fp32, then multiplied with tiles
/// of 64 rows.
///
/// OpenBLAS changes a row's last bits with the number of rows, its place among them and the number of threads. So calls
/// are single-threaded, always 64 rows wide, over blocks of weight rows that the matrix alone determines, and a row's
/// place is its position mod 64: its bits then depend on its own sequence only.
final class OpenBLASProduct {
    static let tileRows = 64
    /// Weight rows of a block: 4 panels.
    private static let blockPanels = 4
    private static let tilesPerChunk = 4

    private let pool: ThreadPool
    private let isa: yb_isa
    /// Tiles with empty places, `[tiles, 64, K]`.
    private let padded = Activations(width: 1)
    /// For each thread a block's weights `[K, 128]` and a product `[64, 128]`.
    private let scratch = Activations(width: 1)

    init(pool: ThreadPool, isa: yb_isa) {
        self.pool = pool
        self.isa = isa
        openblas_set_num_threads(1)
    }

    /// y[r] = round(W · x[r] + bias) for the rows of `tiles`; x `[.., K]`, y `[.., N]`.
    func multiply(
        _ x: UnsafePointer<Float>, _ w: PackedMatrix, bias: Vector?, tiles: [TokenBatch.Tile],
        into y: UnsafeMutablePointer<Float>
    ) {
        let (n, k, panelRows) = (w.rows, w.columns, YB_PANEL_ROWS)
        let sources = tileSources(x, columns: k, tiles: tiles)
        let panels = (n + panelRows - 1) / panelRows
        let blocks = (panels + Self.blockPanels - 1) / Self.blockPanels
        let groups = (tiles.count + Self.tilesPerChunk - 1) / Self.tilesPerChunk
        let blockRows = Self.blockPanels * panelRows
        let perThread = (k + Self.tileRows) * blockRows
        scratch.reserve(rows: perThread * pool.threads)
        let (scratchBase, isa) = (scratch.base, isa)
        pool.run(chunks: blocks * groups) { chunk, worker in
            let (block, group) = (chunk / groups, chunk % groups)
            let firstPanel = block * Self.blockPanels
            let count = min(Self.blockPanels, panels - firstPanel)
            let (firstRow, width) = (firstPanel * panelRows, count * panelRows)
            let weights = scratchBase + worker * perThread
            let product = weights + k * blockRows
            var matrix = w.kernelMatrix
            yb_unpack_panels(isa, &matrix, firstPanel, count, weights)
            for index in group * Self.tilesPerChunk..<min(tiles.count, (group + 1) * Self.tilesPerChunk) {
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(Self.tileRows), blasint(width), blasint(k), 1,
                    sources[index], blasint(k), weights, blasint(width), 0, product, blasint(width))
                let tile = tiles[index]
                for i in 0..<tile.count {
                    yb_finish(
                        isa, w.dtype.kernelType, y + (tile.firstRow + i) * n + firstRow,
                        product + (tile.slot + i) * width, bias.map { $0.base + firstRow }, min(width, n - firstRow))
                }
            }
        }
    }

    /// Where each tile's 64 rows lie: full ones where they are, others copied between zero rows.
    private func tileSources(
        _ x: UnsafePointer<Float>, columns k: Int, tiles: [TokenBatch.Tile]
    ) -> [UnsafePointer<Float>] {
        let tileSize = Self.tileRows * k
        padded.reserve(rows: tiles.count { $0.count < Self.tileRows } * tileSize)
        var used = 0
        return tiles.map { tile in
            if tile.count == Self.tileRows { return x + tile.firstRow * k }
            let target = padded.base + used * tileSize
            used += 1
            target.update(repeating: 0, count: tileSize)
            (target + tile.slot * k).update(from: x + tile.firstRow * k, count: tile.count * k)
            return UnsafePointer(target)
        }
    }

    /// Whether a row's bits are the same in other company, with a different number of tiles and on other threads.
    ///
    /// A small odd-shaped product is compared with each of its rows multiplied alone.
    func isBatchInvariant() throws -> Bool {
        let (n, k, rows) = (200, 328, 150)
        @Sendable func noise(_ i: Int) -> Float {
            Float((UInt64(truncatingIfNeeded: i) &* 0x9E37_79B9_7F4A_7C15) >> 40) / 8_388_608 - 1
        }
        let w = try PackedMatrix.pack(rows: n, columns: k, dtype: .fp32, pool: pool, isa: isa) { range, target in
            for i in 0..<range.count * k { target[i] = noise(range.lowerBound * k + i) }
        }
        let x = Activations(width: k, rows: rows)
        for i in 0..<rows * k { x.base[i] = noise(i + 7_777_777) }
        let (whole, alone) = (Activations(width: n, rows: rows), Activations(width: n, rows: rows))
        let tiles = stride(from: 0, to: rows, by: Self.tileRows).map {
            TokenBatch.Tile(firstRow: $0, slot: 0, count: min(Self.tileRows, rows - $0))
        }
        multiply(x.base, w, bias: nil, tiles: tiles, into: whole.base)
        for row in stride(from: 0, to: rows, by: 7) {
            let tile = TokenBatch.Tile(firstRow: row, slot: row % Self.tileRows, count: 1)
            multiply(x.base, w, bias: nil, tiles: [tile], into: alone.base)
            for column in 0..<n where whole[row, column].bitPattern != alone[row, column].bitPattern { return false }
        }
        return true
    }

    static var configuration: String { openblas_get_config().map { String(cString: $0) } ?? "" }
    static var core: String { openblas_get_corename().map { String(cString: $0) } ?? "" }
    /// From the configuration string, which begins "OpenBLAS 0.3.21 …".
    static var version: String {
        let words = configuration.split(separator: " ")
        return words.count > 1 && words[0] == "OpenBLAS" ? String(words[1]) : ""
    }
}
