"""What makes a GeoTIFF a Cloud Optimized one, as `rio cogeo validate` asks it."""

import rasterio

TILE = 512


def assert_cog(path):
    """GDAL's word for it, tiles, overviews inside where it is larger than a tile, and the order."""
    with rasterio.open(path) as raster:
        assert raster.driver == "GTiff" and raster.files == [str(path)]
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        levels = raster.overviews(1)
        assert all(raster.overviews(band) == levels for band in raster.indexes)
        assert set(raster.block_shapes) == {(TILE, TILE)}
        assert max(raster.shape) / max([1, *levels]) <= TILE
        smaller = range(len(levels))
        directories = [_offset(raster, "IFD_OFFSET", level) for level in (None, *smaller)]
        tiles = [_offset(raster, "BLOCK_OFFSET_0_0", level) for level in (*smaller[::-1], None)]
    # Directories stand first, then the tiles: those of the smallest overview before all others.
    # A tile without any value takes no room.
    kept = [place for place in tiles if place]
    places = [*directories, *kept]
    assert places == sorted(places) and directories[0] < 1000
    for level in smaller:
        with rasterio.open(path, overview_level=level) as overview:
            assert set(overview.block_shapes) == {(TILE, TILE)}


def _offset(raster, name, level):
    return int(raster.get_tag_item(name, "TIFF", 1, level) or 0)
