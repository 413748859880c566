<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>GeoHG</name>
        <message>
            <source> Did you mean '{name}'?</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source> s</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>'{folder}' is in use and was not removed; close QGIS, then delete it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>0 takes the range within which values resemble each other.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A POI layer needs the field that has the category; set POI_FIELD.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A Python 3.10 to 3.13 of 64 bits. Without one, one is looked for.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A YAML file with options, as the library and the command line read it. It gives every option that is left at its default here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A category is linked to the cells in which its share is above this, 0 to 1.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A class is linked to the cells in which its share is above this, 0 to 1.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A downloaded file is not the one that was pinned, so it was refused; run it again on another network, without a mirror in between.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A file or folder may not be written; make the folder of the engine yours, and end programs that use it, then run it again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A graph file that Build graph made.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A layer of the cells with the share of every class and the mean of each value.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A library of Windows is missing; install the Microsoft Visual C++ Redistributable, then run it again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A model file of Train or Interpolate.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A model file that Train made.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A package is not ready-made for this Python on this computer; choose Python 3.12, and CPU as the device.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A page with maps, the figures on the test cells and how the run was made.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A point for every held-out cell: what was observed, what was predicted without it, their difference, and whether the interval holds what was observed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A raster whose grid is taken cell for cell, in place of cell size, extent and CRS.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A report to copy into a question when something does not work.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A virus scanner or a rule of this computer blocked a file; let it pass the folder of the engine, then run it again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Another Python for the engine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Another window of QGIS is setting up the engine; wait until it is done.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Area of applicability</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>As the libraries choose</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Band of the land cover</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Build graph</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>By default the CRS of the points.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>CPU threads</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>CRS of the grid</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cancelled; nothing was written.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cell size, in the unit of the grid's CRS</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Checking that everything loads</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Compare methods of interpolation</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Data</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Device</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Devices</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Diagnostics</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Diagnostics…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Disk</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Downloading {package}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Each layer adds to what it gets; otherwise it replaces it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Encoding of file names</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Engine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Environment of Set up the engine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Evaluate model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Evaluation</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Extent</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Fetching {package} ({number} of {total})</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Field with the POI's category</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Field with the value</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Fields with the values</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Fits a model to the observed cells of a graph file. The test cells stay unknown to it, so that Evaluate can measure it on them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Fits a model to the observed cells of a graph.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Folds</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>GeoHG (heterogeneous graph interpolation)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>GeoHG calculates in a Python environment of its own, with PyTorch, so that nothing of QGIS is touched. This downloads it from the Python Package Index and PyTorch (about 400 MB for CPU, several GB for CUDA), checks every file against a pinned hash, trains on a toy graph, and lets it count only then. Run it again to repair or renew it; what was there before stays until the new one is whole.

It is put in {folder}, outside QGIS and its profile.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>GeoHG diagnostics</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>GeoTIFF with how unlike the cells that the model learnt from every cell is, by its surroundings and its distance to them, where 1 is as unlike as these are to each other (first band), and whether it is inside the area to which the figures of the report apply (second band).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>GeoTIFF with the lower end of every cell's interval; at observed cells, of a prediction without their own value.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>GeoTIFF with the predicted value of every cell.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>GeoTIFF with the standard deviation of a new measurement in every cell; at observed cells, that of a prediction without their own value.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>GeoTIFF with the upper end of every cell's interval; at observed cells, of a prediction without their own value.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Graph file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Group field</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Hidden layers of the last part of the model gnn, with commas: 64,32.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Hold out spatial blocks too</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How cells are held out to measure accuracy: a random share of them once (holdout), every cell once in random folds (kfold), or every cell once in folds of whole groups (groups), which need a group field.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How many CPU threads to use; 0 leaves the choice to the libraries.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How many numbers a cell the Gaussian process of the model deepkernel reads.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How many steps through the graph a cell sees in the model gnn.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How messages pass between nodes: a weighted mean (GraphConv), a plain mean (SAGEConv), attention (GATv2Conv), or a small network for each message (GINEConv). The last two are slower.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Hypernodes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>In a process of its own</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Inside QGIS's Python</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Installing the packages</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Installs what GeoHG calculates with, apart from QGIS.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Interpolate points with land cover</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>It ended with code {code}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Keep the engine ready after a job</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Land cover</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Land-cover classes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Language</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Last failures</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Level of the intervals</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Links between cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Links from POI categories to cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Links from classes to cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Looking at the engine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Lower bound</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>MAE of inverse distance weighting on the same blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>MAE of inverse distance weighting on the same cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>MAE of ordinary kriging on the same blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>MAE of ordinary kriging on the same cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>MAE of the random forest on the same blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>MAE of the random forest on the same cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>MAE on the held-out blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>MAE on the test cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Machine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Makes a graph of cells, land-cover classes and POI categories.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Makes the model gnn the network of the paper's code, its faults included, for comparison. Size and training are then the published ones.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Making an environment</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Measures a model on observed cells that it was not fitted to.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Measures a trained model on the observed cells of a graph that it was not fitted to, beside inverse distance weighting on the same cells.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Model file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name of the field that was given to Build graph.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: dropout</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: exactly as published</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: figure that chooses the best pass</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: hidden channels</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: layers of message passing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: learning rate</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: most passes over the training cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: normalisation</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: operator</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: passes without improvement before stopping</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: read the place of a cell</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: residual layers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: share of the other cells that decides when to stop</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: width of the deep kernel's embedding</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Network: widths of the head's layers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No NVIDIA card with a working driver was found; choose CPU as the device.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No Python 3.10 to 3.13 that can make environments was found; install one from python.org (Debian and Ubuntu: python3-venv), or install uv.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Not at all</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Note</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Number of cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Number of folds of the validations kfold and groups.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Number of observed cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Number of test cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>On {TEST_CELLS} test cells: RMSE {RMSE:.4g} (inverse distance weighting {IDW_RMSE:.4g}), R2 {R2:.3f} ({IDW_R2:.3f}).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>POI categories</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>POIs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Packages of the engine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Passes over the training cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Picture of the map</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Places where the value was measured. A selection or filter applies.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Points</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Points left out</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Points of interest, each of one category. A selection or filter applies.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Points with the same value here, such as those of one site or survey, are held out together by the validation groups.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Predict</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Prediction</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Predicts a value for every cell from points, land cover and POIs.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Predicts a value for every cell of a graph with a model that was trained on it, or on another graph with the same classes and categories.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Predicts a value for every cell of a graph with a trained model.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Predicts a value for every cell of a grid from scattered points and the land cover around them. The grid becomes a graph of cells, land-cover classes and POI categories; the model learns from the observed cells.

A share of the observed cells is held out, once at random and once in whole blocks: the report compares the prediction with inverse distance weighting and kriging there. The map itself is made by a model that learnt from all observed cells.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Profile</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Program</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Python of QGIS</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Python of the engine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Python to make it from</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Pythons looked at for the engine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>QGIS</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>R2 of inverse distance weighting on the same blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>R2 of inverse distance weighting on the same cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>R2 of ordinary kriging on the same blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>R2 of ordinary kriging on the same cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>R2 of the random forest on the same blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>R2 of the random forest on the same cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>R2 on the held-out blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>R2 on the test cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE of inverse distance weighting on the same blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE of inverse distance weighting on the same cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE of ordinary kriging on the same blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE of ordinary kriging on the same cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE of the random forest on the same blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE of the random forest on the same cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE on the held-out blocks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE on the test cells</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Rasters of classes, such as ESA WorldCover; several are taken as tiles of one. Their CRS and resolution may differ from the grid's.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Reading the layers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Report</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Report as JSON</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Report as text</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Residuals</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Says which method predicts best from these points: GeoHG, inverse distance weighting, ordinary kriging, a random forest on the features of the cells, or the mean of the values. All are tested on the same cells that they were not given: random ones or groups, and whole spatial blocks.

The report says how far each is from the measured values, how sure the ranking is, and whether any method has skill. It makes no map; Interpolate does.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Scale of the value</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Seconds</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Seed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Set up the engine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Set up the engine…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Settings &gt; Options &gt; GeoHG</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Settings file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Share of activations that the model gnn drops, against learning by heart.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Share of new measurements that an interval should hold, such as 0.9. The width is learnt from observed cells that are predicted without their value.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Share of observed cells held out as test</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Share of the cells inside the area of applicability</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Share of the held-out blocks' values in their intervals</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Share of the test cells' values in their intervals</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Side of a cell: in metres for most CRSs, in degrees for a geographic one. Needed without a template raster.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Side of a spatial block, in metres</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Size of the optimiser's steps in the model gnn.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Smallest share of a POI category</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Smallest share of a land-cover class</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Starting the engine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>System</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tells the versions of GeoHG, QGIS and the system, which Pythons were looked at for the engine and why each was taken or not, packages, devices and their memory, free disk, and the last failures. Your home folder is shown as ~; nothing is sent anywhere.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Template raster</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Temporary</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tests GeoHG beside IDW, kriging and a random forest on the same cells.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tests once more with whole square blocks held out: how far the prediction can be trusted away from the measurements.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Text (*.txt)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The NVIDIA driver {driver} is too old for CUDA 13; update it to {needed} or later, or choose CPU as the device.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The Python cannot make environments; install python3-venv, or choose another Python.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The algorithm '{algorithm}' has no parameter '{name}'.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The algorithm failed without saying why.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The area of the grid; by default the extent of the points.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The band that has the classes, in every land-cover raster.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The cell size must be greater than zero, got {size:g}; give a size in the unit of the grid's CRS.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The certificate of the server was not accepted; give the file with your organisation's certificates in the environment variable SSL_CERT_FILE, and start QGIS again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The chosen Python '{path}' {fault}; choose one of 3.10 to 3.13.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The disk is full; free some space, then run it again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The disk of '{folder}' has {free:.1f} GB free, and the engine needs {needed:.1f} GB; free some space, then run it again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine cannot run inside QGIS, whose Python {fault}: {remedy}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine crashed ({signal})</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine did not start ('{program}'): {reason}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine did not start, since a library of Windows is missing; install the Microsoft Visual C++ Redistributable and set up the engine again</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine ended with exit code {code}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine ended without a result</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine failed without saying why.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine is not set up yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine is ready</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine is set up for {device} in {folder}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine of GeoHG is not set up yet: {remedy}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine ran out of memory; use larger cells or a smaller extent, or close other programs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine runs in {path}, from {origin}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine was killed (signal 9), most likely because the computer ran out of memory; use larger cells or a smaller extent, or close other programs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine was ready already</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine's Python '{path}', from {origin}, {fault}: {remedy}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine's environment is removed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine's environment was made for another version of GeoHG; run Processing Toolbox &gt; GeoHG &gt; Set up the engine to renew it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The engine's packages cannot be loaded ({reason}); set up the engine again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The environment that is there does not work; making it again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The environment variable {name} is set and wins.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The field '{name}' holds {kind}, not numbers; choose a numeric field.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The figure on the validation cells by which the model gnn is chosen.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The file with the graph.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The file with the model.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The fitted model, to predict on this or another graph.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The graph that the model was trained on, or another.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The graph, to train, evaluate or predict with other options.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The grid is given twice, by TEMPLATE and by {names}; leave one of the two empty.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The grid needs a cell size (CELL_SIZE) or a template raster (TEMPLATE).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The layer '{layer}' has no field '{name}'; it has: {known}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The layer '{name}' has no CRS; set one in its properties.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The layers cannot be written for the engine ('{folder}'): {reason}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The model gnn ends after this many passes, if it did not stop before.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The model gnn stops when it no longer gets better on these cells.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The model gnn stops when this many passes brought nothing better.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The number to predict. Several points in a cell are averaged; points without a value are left out.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The numbers of the report for programs.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The one that Set up the engine makes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The packages could not be downloaded; connect to the internet and retry.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The pip of this Python is too old or missing; choose a newer Python.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The prediction as a picture, with its legend.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The proxy refused the connection; correct it under Settings &gt; Options &gt; Network, then run it again.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The raster '{name}' has no CRS; assign its CRS first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The raster '{name}' is not a file (its provider is '{provider}'); save it as a GeoTIFF first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The report as a page.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The report as plain text, to copy.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The report cannot be written to '{place}': {reason}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The report itself</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The same seed on the same data and machine gives the same result.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The scale on which the value is modelled; auto chooses it from the data.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The setup failed; its output below says why.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The validation 'groups' needs the field that has them; set GROUP_FIELD.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>There is no algorithm '{name}'.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>These cells are kept from the model, and the figures of the report are measured on them. 0 tests nothing. The validations kfold and groups hold out every cell once, whatever is given here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This Linux is too old for PyTorch, which needs glibc 2.28; use one of 2019 or later.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Threads</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Train model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Training on a toy graph</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Turns points, land cover and POIs into a graph file: cells that touch are linked, and every cell is linked to the land-cover classes and POI categories in it, with their shares. Train, evaluate and predict read the file.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Uncertainty</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Upper bound</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Validation</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Value to predict</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Version</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Waiting for another job of GeoHG to end.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What kind of place each POI is; needed with a POI layer.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What to do</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Where the engine runs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Where to compute; auto takes a GPU where there is one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Whether each layer brings its output to one scale (layer) or not (none).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Whether the models gnn and deepkernel know where a cell lies.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Which nodes join the cells of the graph: land-cover classes and POI categories (all), one of the two (entity, poi), or none (mono).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Width of the embeddings of the model gnn; more can learn more, and is slower.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>contrastive loss</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>cpu, {cores} cores, {total:.1f} GB memory, {free:.1f} GB free</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>cross-validation,validation,spatial blocks,accuracy,idw,kriging,random forest,gnn,comparison,benchmark</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>cuda needs a graphics card of NVIDIA and a driver for CUDA 13, and far more disk.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>diagnostics,report,bug,help,version,engine,environment,support</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>does not start</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>gnn,graph,neural network,training,machine learning</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>gnn,graph,prediction,raster,map</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>gnn,validation,accuracy,rmse,r2,test,report</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>graph,gnn,land cover,worldcover,poi,grid,zonal,class shares</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>has no venv and pip (Debian and Ubuntu: python3-venv)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>install that for QGIS's Python, or let the engine run in a process of its own (GEOHG_RUN_IN, or Settings &gt; Options &gt; GeoHG)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>install,setup,engine,pytorch,torch,python,environment,repair,cuda</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>interpolation,gnn,graph,neural network,idw,kriging,land cover,worldcover,poi,machine learning,prediction,raster</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>is Python {version}, and 3.10 to 3.13 will do</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>is a 32-bit Python, and PyTorch needs 64 bits</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>is not a Python, and was not started</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>is not a program</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>is not called python</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>is older than 3.10</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>lacks {packages}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>negative log likelihood</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>none</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>outside what it learnt</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>propagation spreads the features over the graph and reads them with a Gaussian process; gnn is a heterogeneous graph neural network, as in the paper; deepkernel is propagation with a network inside its Gaussian process.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>run Processing Toolbox &gt; GeoHG &gt; Set up the engine (geohg:setupengine)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>setup: make the environment, or repair or renew it where it is broken or of another version; again: make it anew in any case; remove: delete it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>signal {number}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>signal {number}, {name}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>submit must be called in the main thread, to which the layers belong.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>taken</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>text</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>the environment variable GEOHG_PYTHON</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>the model applies</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>validation mae</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>validation r2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>validation rmse</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>would do</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{count} features of '{name}' have no geometry and were left out.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{death} after it gave its result, so its outputs may be incomplete</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{death}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{death}. Its last words:</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{free:.1f} GB free</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{memory}, driver {driver}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{name} (GeoHG)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{name}, area of applicability (GeoHG)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{name}, lower bound (GeoHG)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{name}, residuals (GeoHG)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{name}, standard deviation (GeoHG)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{name}, upper bound (GeoHG)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{origin} names another Python, which is used in place of this one: {path}</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{path} {fault}.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>{remedy} and take this choice back, or choose another Python</source>
            <translation type="unfinished" />
        </message>
    </context>
</TS>
