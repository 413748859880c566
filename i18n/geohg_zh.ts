<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>GeoHG</name>
        <message>
            <source> Did you mean '{name}'?</source>
            <translation>您要找的是“{name}”吗？</translation>
        </message>
        <message>
            <source> or </source>
            <translation> 或 </translation>
        </message>
        <message>
            <source> s</source>
            <translation> 秒</translation>
        </message>
        <message>
            <source>'ELA.txt' of {city} names the entity {entity}; known are 1 to 9.</source>
            <translation>{city}的“ELA.txt”中出现实体{entity}；已知的实体为1至9。</translation>
        </message>
        <message>
            <source>'beside' are points beside polygons; say in 'points.support' what the polygons' values are.</source>
            <translation>“beside”是与多边形并用的点；请在“points.support”中说明多边形的值是什么。</translation>
        </message>
        <message>
            <source>'coord_columns' must be the names of two columns, x and y, such as ['lon', 'lat'], got {value}.</source>
            <translation>“coord_columns”必须是 x 和 y 两列的列名，例如 ['lon', 'lat']，得到的是{value}。</translation>
        </message>
        <message>
            <source>'data' and 'target_column' belong together.</source>
            <translation>“data”和“target_column”必须同时给出。</translation>
        </message>
        <message>
            <source>'df' must be a DataFrame, a GeoDataFrame or the path of a file, got {value}.</source>
            <translation>“df”必须是 DataFrame、GeoDataFrame 或文件路径，得到的是{value}。</translation>
        </message>
        <message>
            <source>'graph' is a whole graph; leave out {others}.</source>
            <translation>“graph”已是完整的图；请去掉 {others}。</translation>
        </message>
        <message>
            <source>'hypernodes' must be types with their zones, got {value}.</source>
            <translation>“hypernodes”必须是各类型及其分区，得到的是{value}。</translation>
        </message>
        <message>
            <source>'model.bounds' must be the least and the greatest value of the target, such as 0 and 100, got {value}.</source>
            <translation>“model.bounds”必须是目标的最小值和最大值，例如 0 和 100，实际为 {value}。</translation>
        </message>
        <message>
            <source>'pois' and 'poi_category' belong together.</source>
            <translation>“pois”和“poi_category”必须同时给出。</translation>
        </message>
        <message>
            <source>'study_area' must be a polygon or multipolygon of shapely, a GeoDataFrame, or the path of a file of polygons, got {value}.</source>
            <translation>“study_area”必须是 shapely 的多边形或多部件多边形、GeoDataFrame 或多边形文件的路径，得到的是{value}。</translation>
        </message>
        <message>
            <source>'support' must be one of {known}, got {value}.</source>
            <translation>“support”必须是 {known} 之一，得到的是 {value}。</translation>
        </message>
        <message>
            <source>'uncertainty.{name}' has {value} twice; give each number once.</source>
            <translation>“uncertainty.{name}”中 {value} 出现了两次；每个数值只给一次。</translation>
        </message>
        <message>
            <source>'{address}' is no address of a Dask scheduler; it looks like tcp://host:8786 or tls://host:8786.</source>
            <translation>“{address}”不是 Dask 调度器的地址；地址形如 tcp://host:8786 或 tls://host:8786。</translation>
        </message>
        <message>
            <source>'{address}' is on the open internet, where tcp:// lets others read the data and run code here; use tls://, or a tunnel.</source>
            <translation>“{address}”位于公共互联网，使用 tcp:// 时他人可以读取数据并在本机运行代码；请使用 tls:// 或隧道。</translation>
        </message>
        <message>
            <source>'{address}{name}' cannot be fetched ({reason}). {advice}</source>
            <translation>无法获取“{address}{name}”（{reason}）。{advice}</translation>
        </message>
        <message>
            <source>'{field}' has {count} classes, the commonest of which are {named}: Map classes of points (classify) maps them.</source>
            <translation>“{field}”有 {count} 个类别，最常见的是 {named}：请用“绘制点的类别图”（classify）。</translation>
        </message>
        <message>
            <source>'{first}' and '{second}' would both be called '{name}'; name each, or give tiles of one raster one name.</source>
            <translation>“{first}”和“{second}”都会被称为“{name}”；请分别命名，或给同一栅格的各图块取同一名称。</translation>
        </message>
        <message>
            <source>'{folder}' has no file of measured values: the graph can be used to pretrain an encoder and to predict, not to train. If the targets are in another folder, name it.</source>
            <translation>“{folder}”中没有测量值文件：该异构图可用于预训练编码器和预测，但不能用于训练。如果目标存放在别处，请指定其文件夹。</translation>
        </message>
        <message>
            <source>'{folder}' has no target '{task}'; it has: {known}.{hint}</source>
            <translation>“{folder}”中没有目标“{task}”；现有目标：{known}。{hint}</translation>
        </message>
        <message>
            <source>'{folder}' is in use and was not removed; close QGIS, then delete it.</source>
            <translation>“{folder}”正在使用中，未能移除；请关闭QGIS后将其删除。</translation>
        </message>
        <message>
            <source>'{folder}' is no work folder, and not empty; give a new or empty folder.</source>
            <translation>“{folder}”不是工作文件夹，也不是空的；请指定新的或空的文件夹。</translation>
        </message>
        <message>
            <source>'{folder}' may need {needed:.1f} GB for the map, and {free:.1f} GB are free; free some of the disk, or write elsewhere.</source>
            <translation>“{folder}”可能需要 {needed:.1f} GB 来存放地图，而可用空间为 {free:.1f} GB；请释放一些磁盘空间，或写到别处。</translation>
        </message>
        <message>
            <source>'{folder}', which GEOHG_DATA names,</source>
            <translation>GEOHG_DATA所指的“{folder}”</translation>
        </message>
        <message>
            <source>'{graph_folder}' holds a city in the CSV form, which the published code does not read; give the text form, or leave strict_reference out.</source>
            <translation>“{graph_folder}”中的城市为CSV格式，发表的代码无法读取；请提供文本格式，或不设置strict_reference。</translation>
        </message>
        <message>
            <source>'{graph_folder}' holds no city: there is neither a '{table}' nor a '{text}'.</source>
            <translation>“{graph_folder}”中没有城市数据：既没有“{table}”，也没有“{text}”。</translation>
        </message>
        <message>
            <source>'{kind}' has no rasters; give one.</source>
            <translation>“{kind}”没有栅格；请给出一个。</translation>
        </message>
        <message>
            <source>'{kind}' has {count:,} names; at most {most:,} are read: join some.</source>
            <translation>“{kind}”有{count:,}个名称；最多读取{most:,}个：请合并一些。</translation>
        </message>
        <message>
            <source>'{kind}' has {count} labels; give one for each of the {cells} cells of the map ({rows} rows, {cols} columns), polygons with a name, or a function of x and y.</source>
            <translation>“{kind}”有{count}个标签；请为地图的{cells}个单元（{rows}行，{cols}列）各给一个，或提供带名称的多边形，或 x 和 y 的函数。</translation>
        </message>
        <message>
            <source>'{kind}' is not a target transform; use auto, {known}.</source>
            <translation>“{kind}”不是目标变换；请使用auto、{known}。</translation>
        </message>
        <message>
            <source>'{name}' and '{alias}' are two names of one table; give one.</source>
            <translation>“{name}”和“{alias}”是同一张表的两个名称；请只给出一个。</translation>
        </message>
        <message>
            <source>'{name}' belongs to points; leave it empty where polygons have values.</source>
            <translation>“{name}”只用于点；多边形带值时请留空。</translation>
        </message>
        <message>
            <source>'{name}' belongs to polygons.</source>
            <translation>“{name}”只用于多边形。</translation>
        </message>
        <message>
            <source>'{name}' cannot be kept in '{folder}': {reason}. Name another folder in the environment variable GEOHG_CACHE.</source>
            <translation>无法将“{name}”保存到“{folder}”：{reason}。请在环境变量GEOHG_CACHE中指定其他文件夹。</translation>
        </message>
        <message>
            <source>'{name}' is given twice, in 'ground' too; leave one out.</source>
            <translation>“{name}”给出了两次，“ground”中也有；请去掉一处。</translation>
        </message>
        <message>
            <source>'{name}' is missing.</source>
            <translation>缺少“{name}”。</translation>
        </message>
        <message>
            <source>'{name}' is no kind of source; known are {known}.{hint}</source>
            <translation>“{name}”不是已知的数据源类型；已知的有 {known}。{hint}</translation>
        </message>
        <message>
            <source>'{name}' is no raster of a prediction, and no source; known are {known}.</source>
            <translation>“{name}”既不是预测的栅格，也不是数据源；可用的有 {known}。</translation>
        </message>
        <message>
            <source>'{name}' is not a part of this request; known are {known}.{hint}</source>
            <translation>“{name}”不是此请求的组成部分；已知的有{known}。{hint}</translation>
        </message>
        <message>
            <source>'{name}' is not an option.{hint}</source>
            <translation>“{name}”不是选项。{hint}</translation>
        </message>
        <message>
            <source>'{name}' is not an option; known are {known}.{hint}</source>
            <translation>“{name}”不是选项；已知的有{known}。{hint}</translation>
        </message>
        <message>
            <source>'{name}' is not the name of a type of hypernodes.</source>
            <translation>“{name}”不是超节点类型的名称。</translation>
        </message>
        <message>
            <source>'{name}' is observed in {observed} cells ({inside} of {points} points lie inside the extent); at least {least} cells are needed: add points, enlarge the extent or choose a smaller cell size.</source>
            <translation>“{name}”仅在{observed}个单元中有观测值（{points}个点中有{inside}个位于范围内）；至少需要{least}个单元：请增加点、扩大范围或减小单元大小。</translation>
        </message>
        <message>
            <source>'{name}' is taken for a continuous quantity; number of bands: {bands}.</source>
            <translation>“{name}”被视为连续量；波段数：{bands}。</translation>
        </message>
        <message>
            <source>'{name}' is taken for classes.</source>
            <translation>“{name}”被视为类别。</translation>
        </message>
        <message>
            <source>'{name}' is unknown.</source>
            <translation>“{name}”未知。</translation>
        </message>
        <message>
            <source>'{name}' is {got}, not {expected}.</source>
            <translation>“{name}”为{got}，而不是{expected}。</translation>
        </message>
        <message>
            <source>'{path}' cannot be a file name in this system's encoding, {encoding}, got {value}; run GeoHG in a UTF-8 locale.</source>
            <translation>“{path}”在此处不能作为文件名（文件名的编码为{encoding}），当前为{value}；请在UTF-8区域设置下运行GeoHG。</translation>
        </message>
        <message>
            <source>'{path}' cannot be read: {reason}.</source>
            <translation>无法读取“{path}”：{reason}。</translation>
        </message>
        <message>
            <source>'{path}' contains a character that is not allowed, got {value}.</source>
            <translation>“{path}”含有文本中不允许的字符，当前为{value}。</translation>
        </message>
        <message>
            <source>'{path}' could not be written: {reason}.</source>
            <translation>无法写入“{path}”：{reason}。</translation>
        </message>
        <message>
            <source>'{path}' does not describe a grid: {error}.</source>
            <translation>“{path}”描述的不是格网：{error}。</translation>
        </message>
        <message>
            <source>'{path}' gives one link two different proportions.</source>
            <translation>“{path}”为同一条连接给出了两个不同的比例。</translation>
        </message>
        <message>
            <source>'{path}' has a cell in {name} {wrong}, far from the others of its {cells} cells; correct it.</source>
            <translation>“{path}”有一个像元位于{name} {wrong}，远离其{cells}个像元中的其他像元；请更正。</translation>
        </message>
        <message>
            <source>'{path}' has a cell whose shares sum to {most:g}, more than 1.</source>
            <translation>“{path}”中有单元的比例之和为{most:g}，大于1。</translation>
        </message>
        <message>
            <source>'{path}' has a negative '{column}'.</source>
            <translation>“{path}”中的“{column}”有负值。</translation>
        </message>
        <message>
            <source>'{path}' has a row without '{name}'.</source>
            <translation>“{path}”中有一行缺少“{name}”。</translation>
        </message>
        <message>
            <source>'{path}' has an id that is not a whole number.</source>
            <translation>“{path}”中有ID不是整数。</translation>
        </message>
        <message>
            <source>'{path}' has cells outside the grid of '{description}'.</source>
            <translation>“{path}”中有单元位于“{description}”的格网之外。</translation>
        </message>
        <message>
            <source>'{path}' has more than one line for the cell {cell}.</source>
            <translation>“{path}”中单元{cell}有多行。</translation>
        </message>
        <message>
            <source>'{path}' has no column '{name}'; it has: {known}.</source>
            <translation>“{path}”没有列“{name}”；现有列：{known}。</translation>
        </message>
        <message>
            <source>'{path}' has no geometries; give a layer with geometries.</source>
            <translation>“{path}”没有几何图形；请提供有几何图形的图层。</translation>
        </message>
        <message>
            <source>'{path}' has no geometry that is not empty; the layer or selection is empty.</source>
            <translation>“{path}”中没有非空几何；图层或选择为空。</translation>
        </message>
        <message>
            <source>'{path}' has no layer '{name}'; it has: {known}.</source>
            <translation>“{path}”中没有图层“{name}”；现有图层：{known}。</translation>
        </message>
        <message>
            <source>'{path}' has no layers; leave out the layer.</source>
            <translation>“{path}”没有图层；请去掉图层名。</translation>
        </message>
        <message>
            <source>'{path}' has no polygon with an area.</source>
            <translation>“{path}”中没有有面积的多边形。</translation>
        </message>
        <message>
            <source>'{path}' has no polygons; give a GeoPackage, GeoJSON or Shapefile.</source>
            <translation>“{path}”没有多边形；请提供 GeoPackage、GeoJSON 或 Shapefile。</translation>
        </message>
        <message>
            <source>'{path}' has no rows.</source>
            <translation>“{path}”没有数据行。</translation>
        </message>
        <message>
            <source>'{path}' has several layers ({layers}); give a file with one, or name one as in '{path}|layername={first}'.</source>
            <translation>“{path}”有多个图层（{layers}）；请提供只有一个图层的文件，或像“{path}|layername={first}”这样指定一个。</translation>
        </message>
        <message>
            <source>'{path}' has the negative value {value:g}; shares and numbers have none.</source>
            <translation>“{path}”中有负值{value:g}；份额和数量没有负值。</translation>
        </message>
        <message>
            <source>'{path}' has the proportion {wrong:g}; it must lie between 0 and 1.</source>
            <translation>“{path}”中有比例{wrong:g}；比例必须在0和1之间。</translation>
        </message>
        <message>
            <source>'{path}' has the share {share:g}; shares lie between 0 and 1.</source>
            <translation>“{path}”中有比例{share:g}；比例应在0和1之间。</translation>
        </message>
        <message>
            <source>'{path}' has two cells at the same position.</source>
            <translation>“{path}”中有两个单元位于同一位置。</translation>
        </message>
        <message>
            <source>'{path}' has version {version} of the {kind} format; this GeoHG reads versions {oldest} to {newest}: make the file again.</source>
            <translation>“{path}”的{kind}格式版本为{version}；此GeoHG可读取版本{oldest}至{newest}：请重新生成该文件。</translation>
        </message>
        <message>
            <source>'{path}' has x and y on no grid: 'city.json' must give their CRS, such as {example}.</source>
            <translation>“{path}”的x和y不在任何格网上：其CRS必须由“city.json”给出，例如{example}。</translation>
        </message>
        <message>
            <source>'{path}' has {count} geometries that are not points (such as a {name}); give points, such as the polygons' centroids. Interpolate reads polygons where 'support' says what their values are.</source>
            <translation>“{path}”中有{count}个几何图形不是点（例如{name}）；请提供点，例如多边形的质心。若用“support”说明多边形的值是什么，插值可直接读取多边形。</translation>
        </message>
        <message>
            <source>'{path}' has {count} geometries that are not polygons (such as a {name}); give polygons.</source>
            <translation>“{path}”中有{count}个几何图形不是多边形（例如{name}）；请提供多边形。</translation>
        </message>
        <message>
            <source>'{path}' has {value} twice; name each once.</source>
            <translation>“{path}”中{value}出现了两次；每个只能写一次。</translation>
        </message>
        <message>
            <source>'{path}' has {wrong} vertices that are not finite numbers; correct or remove them.</source>
            <translation>“{path}”中有 {wrong} 个顶点的坐标不是有限数；请更正或删除。</translation>
        </message>
        <message>
            <source>'{path}' is a GeoHG {got} file; give a {kind} file.</source>
            <translation>“{path}”是GeoHG的{got}文件；请提供{kind}文件。</translation>
        </message>
        <message>
            <source>'{path}' is damaged: its content does not match its checksum; make it again.</source>
            <translation>“{path}”已损坏：其内容与校验和不符；请重新生成。</translation>
        </message>
        <message>
            <source>'{path}' is empty.</source>
            <translation>“{path}”是空文件。</translation>
        </message>
        <message>
            <source>'{path}' is more than a file and a layer; write it as '{file}|layername=...'.</source>
            <translation>“{path}”除文件和其中的图层外还有其他内容；请写成“{file}|layername=...”。</translation>
        </message>
        <message>
            <source>'{path}' is not JSON: {error}.</source>
            <translation>“{path}”不是JSON：{error}。</translation>
        </message>
        <message>
            <source>'{path}' is not a GeoHG file; give a GeoHG {kind} file.</source>
            <translation>“{path}”不是GeoHG文件；请提供GeoHG的{kind}文件。</translation>
        </message>
        <message>
            <source>'{path}' is not a file; give a GeoHG {kind} file.</source>
            <translation>“{path}”不是文件；请提供GeoHG的{kind}文件。</translation>
        </message>
        <message>
            <source>'{path}' is of an older GeoHG and has no checksum: damage to it may go unnoticed; make the file again.</source>
            <translation>“{path}”由较旧的GeoHG生成，没有校验和：其损坏可能不被察觉；请重新生成该文件。</translation>
        </message>
        <message>
            <source>'{path}' is the second map of its kind; give one raster and one table.</source>
            <translation>“{path}”是同类的第二个地图；请给出一个栅格和一个表。</translation>
        </message>
        <message>
            <source>'{path}' is too long for a file name, got {value}.</source>
            <translation>“{path}”作为文件名过长，当前为{value}。</translation>
        </message>
        <message>
            <source>'{path}' is truncated or not a GeoHG {kind} file; make it again.</source>
            <translation>“{path}”不完整，或不是GeoHG的{kind}文件；请重新生成。</translation>
        </message>
        <message>
            <source>'{path}' may have the parts 'places', 'units', 'classes' and 'categories', each an object, the last two with the name of each label.</source>
            <translation>“{path}”可以有“places”“units”“classes”和“categories”几个部分，每个都是对象，后两个给出每个标签的名称。</translation>
        </message>
        <message>
            <source>'{path}' must be a finite number, got {value}.</source>
            <translation>“{path}”必须是有限的数字，当前为{value}。</translation>
        </message>
        <message>
            <source>'{path}' must be a list of {kinds}, got {value}.</source>
            <translation>“{path}”必须是由{kinds}组成的列表，当前为{value}。</translation>
        </message>
        <message>
            <source>'{path}' must be a number or a text, got {value}.</source>
            <translation>“{path}”必须是数字或文本，实际为{value}。</translation>
        </message>
        <message>
            <source>'{path}' must be a section with keys, got {value}.</source>
            <translation>“{path}”必须是含有键的节，当前为{value}。</translation>
        </message>
        <message>
            <source>'{path}' must be greater than zero, got {value}.</source>
            <translation>“{path}”必须大于零，当前为{value}。</translation>
        </message>
        <message>
            <source>'{path}' must be one of {choices}, got {value}.{hint}</source>
            <translation>“{path}”必须是{choices}之一，当前为{value}。{hint}</translation>
        </message>
        <message>
            <source>'{path}' must be {kind}, got {value}.</source>
            <translation>“{path}”必须是{kind}，当前为{value}。</translation>
        </message>
        <message>
            <source>'{path}' must have an id in its third column and 1 to {classes} shares behind it, got {columns} columns.</source>
            <translation>“{path}”的第三列应为ID，其后为1至{classes}个比例，当前有{columns}列。</translation>
        </message>
        <message>
            <source>'{path}' must have an id, shares and a number in each row.</source>
            <translation>“{path}”的每一行都必须有ID、比例和一个数字。</translation>
        </message>
        <message>
            <source>'{path}' must have whole numbers from 0 in '{name}'.</source>
            <translation>“{path}”的“{name}”必须是从0开始的整数。</translation>
        </message>
        <message>
            <source>'{path}' must have whole numbers in '{name}', as the tables of the public cities, whose class shares are packed to the left, do.</source>
            <translation>“{path}”的“{name}”必须是整数，与公开城市的表一样：其中各类别占比靠左紧排。</translation>
        </message>
        <message>
            <source>'{path}' must have {least} or more values, got {count}.</source>
            <translation>“{path}”必须至少有{least}个值，当前有{count}个。</translation>
        </message>
        <message>
            <source>'{path}' must have {least} values, got {count}.</source>
            <translation>“{path}”必须有{least}个值，当前有{count}个。</translation>
        </message>
        <message>
            <source>'{path}' must have {most} values or fewer, got {count}.</source>
            <translation>“{path}”最多可有{most}个值，当前有{count}个。</translation>
        </message>
        <message>
            <source>'{path}' must lie between {low} and {high}, got {value}.</source>
            <translation>“{path}”必须介于{low}和{high}之间，当前为{value}。</translation>
        </message>
        <message>
            <source>'{path}' must not be empty.</source>
            <translation>“{path}”不能为空。</translation>
        </message>
        <message>
            <source>'{path}' names the cell {unknown}, which is not in '{cells}'.</source>
            <translation>“{path}”中的单元{unknown}不在“{cells}”中。</translation>
        </message>
        <message>
            <source>'{path}' needs one of 'path', the name of a file, and 'table', the text of a CSV file.</source>
            <translation>“{path}”需要“path”（文件名）和“table”（CSV文件的文本）两者之一。</translation>
        </message>
        <message>
            <source>'{path}.coord_columns' is missing; name the columns of x and y.</source>
            <translation>缺少“{path}.coord_columns”；请指明x和y的列。</translation>
        </message>
        <message>
            <source>'{path}.layer' names a layer of a file, but a text has none; leave it out.</source>
            <translation>“{path}.layer”指文件中的图层，而文本没有图层；请将其去掉。</translation>
        </message>
        <message>
            <source>'{path}.shape' needs 'bounds' beside it, and no 'cell_size'.</source>
            <translation>“{path}.shape”需要同时给出“bounds”，且不能有“cell_size”。</translation>
        </message>
        <message>
            <source>'{path}.template' is a whole grid; leave out {others}.</source>
            <translation>“{path}.template”已是完整的网格；请去掉{others}。</translation>
        </message>
        <message>
            <source>'{path}.{key}' is of points; leave it out where polygons have values.</source>
            <translation>“{path}.{key}”只用于点；多边形带值时请去掉。</translation>
        </message>
        <message>
            <source>'{path}.{key}' is of polygons; say in '{path}.support' whether their values are the mean or the total of their cells.</source>
            <translation>“{path}.{key}”只用于多边形；请在“{path}.support”中说明其值是像元的均值还是总和。</translation>
        </message>
        <message>
            <source>'{program}' is no Python, so it cannot start workers; let the engine run in a process of its own, or use 0 workers.</source>
            <translation>“{program}”不是 Python，因此无法启动工作进程；请让引擎在独立的进程中运行，或使用 0 个工作进程。</translation>
        </message>
        <message>
            <source>'{role}' must be a path, a list of paths or a mapping by name, got {value}.</source>
            <translation>“{role}”必须是路径、路径列表或按名称的映射，得到的是 {value}。</translation>
        </message>
        <message>
            <source>'{role}' must be the name of a column, or a list of names, got {value}.</source>
            <translation>“{role}”必须是列名或列名的列表，得到的是{value}。</translation>
        </message>
        <message>
            <source>, such as '{path}'</source>
            <translation>，例如“{path}”</translation>
        </message>
        <message>
            <source>0 uses the range of spatial autocorrelation of the values.</source>
            <translation>0表示使用值的空间自相关变程。</translation>
        </message>
        <message>
            <source>1. Map</source>
            <translation>1. 制图</translation>
        </message>
        <message>
            <source>2. In steps</source>
            <translation>2. 分步</translation>
        </message>
        <message>
            <source>3. Engine</source>
            <translation>3. 引擎</translation>
        </message>
        <message>
            <source>A 64-bit Python 3.10 to 3.13. If not set, GeoHG searches for one.</source>
            <translation>64位的Python 3.10至3.13。留空则自动查找。</translation>
        </message>
        <message>
            <source>A Dask scheduler needs the package 'distributed', which is not installed; install it with '{python} -m pip install distributed', or in QGIS with 'Set up the engine' and its option 'With Dask, for clusters'.</source>
            <translation>Dask 调度器需要软件包 'distributed'，但尚未安装；请用 '{python} -m pip install distributed' 安装，或在 QGIS 中用“设置引擎”及其选项“包含 Dask（用于集群）”安装。</translation>
        </message>
        <message>
            <source>A POI layer needs a category field; set POI_FIELD.</source>
            <translation>POI图层需要指定类别字段；请设置POI_FIELD。</translation>
        </message>
        <message>
            <source>A Windows library is missing; install the Microsoft Visual C++ Redistributable, then run it again.</source>
            <translation>缺少一个Windows库；请安装Microsoft Visual C++ Redistributable，然后重新运行。</translation>
        </message>
        <message>
            <source>A YAML file with options, as for the library and the command line. It sets every option left at its default here.</source>
            <translation>包含选项的YAML文件，格式与Python库和命令行所读取的相同。此处保持默认值的选项均取自该文件。</translation>
        </message>
        <message>
            <source>A call</source>
            <translation>调用示例</translation>
        </message>
        <message>
            <source>A category is linked to a cell if its share there is above this, 0 to 1.</source>
            <translation>类别在单元中所占比例高于此值时，才与该单元相连，取值0至1。</translation>
        </message>
        <message>
            <source>A city read with strict_reference holds no shares; read it without.</source>
            <translation>以strict_reference方式读取的城市不含比例；请不使用该方式读取。</translation>
        </message>
        <message>
            <source>A class is linked to a cell if its share there is above this, 0 to 1.</source>
            <translation>类别在单元中所占比例高于此值时，才与该单元相连，取值0至1。</translation>
        </message>
        <message>
            <source>A downloaded file does not match its pinned hash and was rejected; run it again on another network, without a mirror.</source>
            <translation>下载的文件与锁定的哈希值不符，已被拒绝；请换用其他网络、不经镜像重新运行。</translation>
        </message>
        <message>
            <source>A file or folder cannot be written; check the permissions of the engine's folder, close programs that use it, then run it again.</source>
            <translation>某个文件或文件夹无法写入；请确保您拥有引擎文件夹的权限，结束正在使用它的程序，然后重新运行。</translation>
        </message>
        <message>
            <source>A graph file from Build graph or Import city.</source>
            <translation>由“构建异构图”或“导入城市”生成的异构图文件。</translation>
        </message>
        <message>
            <source>A graph file from Build graph, in place of layers.</source>
            <translation>“构建图”生成的图文件，代替图层。</translation>
        </message>
        <message>
            <source>A graph needs data; give points or a land-cover raster.</source>
            <translation>没有可用于构建异构图的内容；请提供点或土地覆盖栅格。</translation>
        </message>
        <message>
            <source>A layer of the cells with the predicted value, its uncertainty and the area of applicability. Cells without a grid become points.</source>
            <translation>单元图层，包含预测值、其不确定性和适用范围。没有格网的单元成为点。</translation>
        </message>
        <message>
            <source>A layer of the cells, with the share of each class and the mean of each value.</source>
            <translation>格网单元图层，含各类别的比例及各目标值的均值。</translation>
        </message>
        <message>
            <source>A layer of the lines of equal predicted value, with the value of each. A map of more than 25 million cells has none.</source>
            <translation>预测值相等的线的图层，带有每条线的值。超过 2500 万个单元的地图没有等值线。</translation>
        </message>
        <message>
            <source>A map can be made of these data.</source>
            <translation>用这些数据可以制图。</translation>
        </message>
        <message>
            <source>A map can be made of these data; {count} things are worth a look first.</source>
            <translation>用这些数据可以制图；有 {count} 处值得先看一看。</translation>
        </message>
        <message>
            <source>A map of these values is not worth making.</source>
            <translation>不值得为这些数值制图。</translation>
        </message>
        <message>
            <source>A model file does not have the tests that a report tells of; write the report after fit, before save and load.</source>
            <translation>模型文件不含报告所述的检验；请在 fit 之后、save 和 load 之前写报告。</translation>
        </message>
        <message>
            <source>A model file from Train or Interpolate.</source>
            <translation>由“训练模型”或“结合土地覆盖的点插值”生成的模型文件。</translation>
        </message>
        <message>
            <source>A model file from Train, Interpolate or Map classes of points.</source>
            <translation>由“训练模型”“结合土地覆盖的点插值”或“绘制点的类别图”生成的模型文件。</translation>
        </message>
        <message>
            <source>A model file from Train.</source>
            <translation>由“训练模型”生成的模型文件。</translation>
        </message>
        <message>
            <source>A model file holds the model of one value field, and there are {count}: {fields}. Leave the model file out, or write the graph file and train one model a field.</source>
            <translation>模型文件只保存一个数值字段的模型，而这里有 {count} 个：{fields}。请不要输出模型文件，或者输出图文件后为每个字段分别训练模型。</translation>
        </message>
        <message>
            <source>A model of the kind '{kind}' does not know how errors of cells go together; fit one of the kind 'propagation'.</source>
            <translation>“{kind}”类模型不知道像元误差之间的相关性；请拟合“propagation”类模型。</translation>
        </message>
        <message>
            <source>A model of the kind '{kind}' gives no simulations; fit one of the kind 'propagation' to points, or leave the simulations out.</source>
            <translation>类型为“{kind}”的模型不能给出模拟；请对点拟合类型为“propagation”的模型，或不要求模拟。</translation>
        </message>
        <message>
            <source>A package has no build for this Python on this computer; choose Python 3.12, and CPU as the device.</source>
            <translation>某个软件包没有适用于本机此Python的预编译版本；请选择Python 3.12，并将设备设为cpu。</translation>
        </message>
        <message>
            <source>A page with maps, accuracy on the held-out cells and all settings of the run.</source>
            <translation>包含地图、留出单元上的精度和运行设置的网页。</translation>
        </message>
        <message>
            <source>A picture of the prediction with its legend.</source>
            <translation>预测结果的图片，带图例。</translation>
        </message>
        <message>
            <source>A point for each held-out cell, where it was measured: measured value, prediction there, their difference, and whether the interval contains the measured value. Several measurements in a cell are one point with their mean.</source>
            <translation>每个留出单元一个点，位于测量之处：测量值、该处的预测值、二者之差，以及区间是否包含测量值。同一单元的多个测量值合为一个点，取其均值。</translation>
        </message>
        <message>
            <source>A position has no finite coordinates; leave it out.</source>
            <translation>有地点的坐标不是有限值；请将其排除。</translation>
        </message>
        <message>
            <source>A raster of elevation, for example SRTM or Copernicus DEM. Slope, aspect and the height above the surroundings are derived from it and used as covariates too.</source>
            <translation>高程栅格，例如 SRTM 或 Copernicus DEM。由它计算的坡度、坡向和相对周围的高度也用作协变量。</translation>
        </message>
        <message>
            <source>A raster of weights belongs to means; for totals give it as a continuous raster, so that the model finds what it tells.</source>
            <translation>权重栅格只用于均值；对于总和，请把它作为连续栅格给出，由模型判断它说明什么。</translation>
        </message>
        <message>
            <source>A raster whose cells are used as the grid, in place of cell size, extent and CRS.</source>
            <translation>逐单元沿用该栅格的格网，以代替单元大小、范围和CRS。</translation>
        </message>
        <message>
            <source>A raster whose cells are used as the grid, in place of the extent; they have the CRS and the size of the model's.</source>
            <translation>以其单元作为网格的栅格，代替范围；其坐标参考系和单元大小与模型相同。</translation>
        </message>
        <message>
            <source>A raster, such as population: the mean of a polygon is that of its cells weighted by it. By default cells count by their area in the polygon.</source>
            <translation>例如人口栅格：多边形的均值是其像元按该栅格加权的均值。默认按像元在多边形内的面积计。</translation>
        </message>
        <message>
            <source>A report to attach to a question or a bug report.</source>
            <translation>可附在提问或缺陷报告中的报告。</translation>
        </message>
        <message>
            <source>A run exactly as published holds out no spatial blocks.</source>
            <translation>与发表时一致的运行不留出空间分块。</translation>
        </message>
        <message>
            <source>A score needs at least two places with a value and a prediction.</source>
            <translation>评分至少需要两个既有数值又有预测的位置。</translation>
        </message>
        <message>
            <source>A table and a graph file hold all cells of a map at once</source>
            <translation>表格和图文件一次容纳地图的所有单元</translation>
        </message>
        <message>
            <source>A target transform needs at least one value, all of them finite.</source>
            <translation>目标变换至少需要一个值，且所有值必须有限。</translation>
        </message>
        <message>
            <source>A text in the table '{path}' contains whole rows, such as '{row}': a quote before them is not closed; remove it.</source>
            <translation>表“{path}”的一段文本中含有整行数据，例如“{row}”：其前面的引号没有闭合；请删除该引号。</translation>
        </message>
        <message>
            <source>A worker process does not start: {reason}.</source>
            <translation>工作进程无法启动：{reason}。</translation>
        </message>
        <message>
            <source>Accuracy on held-out cells</source>
            <translation>留出单元上的精度</translation>
        </message>
        <message>
            <source>Accuracy on the held-out cells, by field. A section for each follows.</source>
            <translation>各字段在留出单元格上的精度。下面每个字段各有一节。</translation>
        </message>
        <message>
            <source>Accuracy that a few large values do not decide, on the same cells.</source>
            <translation>同一批单元上不受少数大值左右的精度。</translation>
        </message>
        <message>
            <source>Accuracy to expect of this map</source>
            <translation>本图的预期精度</translation>
        </message>
        <message>
            <source>Address of a Dask scheduler whose workers make the blocks of a large map, such as tcp://host:8786. They need the same version of GeoHG, and must see the rasters under the same names.</source>
            <translation>Dask 调度器的地址，例如 tcp://host:8786，由其工作进程计算大型地图的各区块。它们需要相同版本的 GeoHG，并且必须能以相同的名称访问栅格。</translation>
        </message>
        <message>
            <source>Adds Dask, with which the workers of a cluster make the blocks of large maps: see SCHEDULER of Interpolate. Without it, an engine that has Dask is made anew without.</source>
            <translation>添加 Dask，集群的工作进程用它制作大型地图的分块：参见“插值”的 SCHEDULER。不勾选时，已含 Dask 的引擎会重新制作为不含 Dask 的。</translation>
        </message>
        <message>
            <source>Advanced</source>
            <translation>高级参数</translation>
        </message>
        <message>
            <source>All methods must be tested on the same cells in the same order.</source>
            <translation>所有方法必须按相同的顺序在相同的单元上检验。</translation>
        </message>
        <message>
            <source>All observed cells belong to one group, so no group can be held out; choose another group field, or another validation.</source>
            <translation>所有有观测值的单元都属于同一组，因此无法留出任何一组；请选择其他分组字段或其他验证方式。</translation>
        </message>
        <message>
            <source>All points have the class '{name}' in '{field}'; there is nothing to map. A map of classes needs points of at least two.</source>
            <translation>“{field}”中所有点的类别都是“{name}”，没有可绘制的内容。类别图至少需要两个类别的点。</translation>
        </message>
        <message>
            <source>All points have the same position, so no cell size suits them; give a cell size.</source>
            <translation>所有点位于同一位置，没有适合的单元大小；请指定单元大小。</translation>
        </message>
        <message>
            <source>All stages</source>
            <translation>全部阶段</translation>
        </message>
        <message>
            <source>All values of '{target}' that are not held out are equal; hold out fewer cells.</source>
            <translation>“{target}”未留出的值全部相等；请减少留出的单元。</translation>
        </message>
        <message>
            <source>All values outside the held-out blocks are equal, so the blocks cannot be tested.</source>
            <translation>留出分块之外的所有值都相等，无法用于检验。</translation>
        </message>
        <message>
            <source>All workers of the Dask scheduler at {address} are gone, and none has come for {seconds:.0f} seconds; start some, and repeat the command: with a work folder it goes on where it stopped.</source>
            <translation>{address} 处 Dask 调度器的所有工作进程都已结束，{seconds:.0f} 秒内没有新的出现；请启动一些，然后重复该命令：有工作文件夹时会从停止处继续。</translation>
        </message>
        <message>
            <source>All {count} values of '{name}' equal {value:g}; there is nothing to map.</source>
            <translation>“{name}”的{count}个值都等于{value:g}；没有可制图的内容。</translation>
        </message>
        <message>
            <source>Also tests with whole square blocks held out, to show how reliable the prediction is away from the measurements.</source>
            <translation>另以整块的方形分块留出进行检验，以表明远离测量处的预测有多可靠。</translation>
        </message>
        <message>
            <source>An antivirus program or a security rule blocked a file; allow the engine's folder there, then run it again.</source>
            <translation>杀毒软件或本机的安全策略拦截了某个文件；请放行引擎所在的文件夹，然后重新运行。</translation>
        </message>
        <message>
            <source>An encoder file from Pretrain encoder, with the same network options. The models gnn and deepkernel start from it; propagation uses its embedding of each cell as additional features.</source>
            <translation>由“预训练编码器”生成的编码器文件，网络选项须相同。gnn和deepkernel模型以其为起点；propagation将它对每个单元的嵌入用作附加特征。</translation>
        </message>
        <message>
            <source>Another Python for the engine</source>
            <translation>引擎使用其他Python</translation>
        </message>
        <message>
            <source>Another window of QGIS is setting up the engine; wait until it is done.</source>
            <translation>另一个QGIS窗口正在安装引擎；请等待其完成。</translation>
        </message>
        <message>
            <source>Apple graphics (MPS)</source>
            <translation>Apple图形（MPS）</translation>
        </message>
        <message>
            <source>Area of applicability</source>
            <translation>适用范围</translation>
        </message>
        <message>
            <source>At every distance from measurements, intervals are {factor} times as wide as leave-one-out errors ask for, since the errors of held-out cells require that. Each held-out cell was tested with what the others require.</source>
            <translation>无论离测量值多远，区间宽度均为留一误差所要求的 {factor} 倍，因为留出单元的误差要求如此。每个留出单元都用其他单元所要求的宽度检验。</translation>
        </message>
        <message>
            <source>At held-out points the class is right in {ours}; the class of the nearest measured cell in {nearest}, a random forest in {forest}.</source>
            <translation>在留出的点上，类别正确的占 {ours}；取最近测量单元的类别为 {nearest}，随机森林为 {forest}。</translation>
        </message>
        <message>
            <source>At observed cells the cell's own value is not used.</source>
            <translation>在有观测值的单元不使用该单元自身的值。</translation>
        </message>
        <message>
            <source>At {TEST_POINTS} held-out points the class is right in {ACCURACY:.1%} (nearest neighbour {NEAREST_ACCURACY:.1%}, random forest {FOREST_ACCURACY:.1%}).</source>
            <translation>在 {TEST_POINTS} 个留出的点上，类别正确的占 {ACCURACY:.1%}（最近邻 {NEAREST_ACCURACY:.1%}，随机森林 {FOREST_ACCURACY:.1%}）。</translation>
        </message>
        <message>
            <source>At {points} held-out points the class is right in {share:.1f} %, kappa {kappa}.</source>
            <translation>在 {points} 个留出的点上，类别正确的占 {share:.1f} %，kappa 为 {kappa}。</translation>
        </message>
        <message>
            <source>Averaging the pixels of each cell</source>
            <translation>正在对每个单元的像元求平均</translation>
        </message>
        <message>
            <source>Band 1: dissimilarity, how different each cell is from the cells with measurements (0 = same; above 1 = outside the area of applicability). Band 2: 1 inside the area of applicability, 0 outside.</source>
            <translation>第一波段：相异度，即每个单元与有测量值的单元的差异程度（0表示相同，大于1表示在适用范围之外）。第二波段：适用范围内为1，之外为0。</translation>
        </message>
        <message>
            <source>Band {band} of the raster '{path}' has the value {code:g}, far from the others ({low:g} to {high:g}), and it counts as a value; if it stands for missing pixels, tag it as nodata, such as with gdal_edit.py -a_nodata {code:g}.</source>
            <translation>栅格“{path}”的波段 {band} 含有值 {code:g}，与其他值（{low:g} 至 {high:g}）相差很远，它被当作一个数值；如果它代表缺失像元，请将其标记为 nodata，例如使用 gdal_edit.py -a_nodata {code:g}。</translation>
        </message>
        <message>
            <source>Band {band} of the raster '{path}' looks like classes: it has only {count} different whole numbers, which do not change between pixels as a quantity does; if they are codes of classes, their mean says nothing, so give it as a raster of classes.</source>
            <translation>栅格“{path}”的波段 {band} 看起来是类别：它只有 {count} 个不同的整数，且像元之间的变化不像连续量；如果它们是类别编码，其平均值没有意义，请将其作为类别栅格给出。</translation>
        </message>
        <message>
            <source>Band {band} of the raster '{path}' looks like classes: it has {count} different whole numbers, and a colour table or another legend; the mean of class codes says nothing, so give it as a raster of classes.</source>
            <translation>栅格“{path}”的波段 {band} 看起来是类别：它有 {count} 个不同的整数，并带有颜色表或其他图例；类别代码的平均值没有意义，请将其作为类别栅格给出。</translation>
        </message>
        <message>
            <source>Bare / sparse vegetation</source>
            <translation>裸地/稀疏植被</translation>
        </message>
        <message>
            <source>Batch size</source>
            <translation>批大小</translation>
        </message>
        <message>
            <source>Block side (m)</source>
            <translation>分块边长（m）</translation>
        </message>
        <message>
            <source>Blocks are made by {workers} workers of this machine (execution.workers) or by those of a scheduler (execution.scheduler); give one.</source>
            <translation>区块要么由本机的 {workers} 个工作进程（execution.workers）计算，要么由调度器的工作进程（execution.scheduler）计算；请只指定一种。</translation>
        </message>
        <message>
            <source>Bounds of the value, for example 0,100 for percent: nothing that is written lies outside, and a measured value outside is refused. Empty takes 0 for the least where no measured value is negative, and 1 for the greatest where values reach from about 0 to about 1.</source>
            <translation>数值的界限，例如百分数为 0,100：写出的任何结果都不会超出界限，超出界限的测量值会被拒绝。留空时，若没有负的测量值，则以 0 为最小值；若数值大约从 0 到 1，则以 1 为最大值。</translation>
        </message>
        <message>
            <source>Brier score</source>
            <translation>Brier 评分</translation>
        </message>
        <message>
            <source>Brier score on the held-out points</source>
            <translation>留出点上的 Brier 评分</translation>
        </message>
        <message>
            <source>Build graph</source>
            <translation>构建异构图</translation>
        </message>
        <message>
            <source>Build graph, train, predict and evaluate</source>
            <translation>构建异构图、训练、预测和评估</translation>
        </message>
        <message>
            <source>Built-up</source>
            <translation>建成区</translation>
        </message>
        <message>
            <source>CPU threads</source>
            <translation>CPU线程数</translation>
        </message>
        <message>
            <source>CRS</source>
            <translation>CRS</translation>
        </message>
        <message>
            <source>CRS of the grid</source>
            <translation>格网的CRS</translation>
        </message>
        <message>
            <source>CRS of the map</source>
            <translation>地图的坐标系</translation>
        </message>
        <message>
            <source>CRS of the points</source>
            <translation>点的坐标系</translation>
        </message>
        <message>
            <source>Call fit before predict.</source>
            <translation>请先调用fit，再调用predict。</translation>
        </message>
        <message>
            <source>Cancelled; nothing was written.</source>
            <translation>已取消；未写入任何内容。</translation>
        </message>
        <message>
            <source>Cell size</source>
            <translation>单元大小</translation>
        </message>
        <message>
            <source>Cell size that suits the points</source>
            <translation>适合这些点的单元大小</translation>
        </message>
        <message>
            <source>Cell size, in the unit of the CRS</source>
            <translation>单元大小（以CRS的单位计）</translation>
        </message>
        <message>
            <source>Cells</source>
            <translation>格网单元</translation>
        </message>
        <message>
            <source>Cells that it covers</source>
            <translation>覆盖的单元</translation>
        </message>
        <message>
            <source>Cells with a measurement</source>
            <translation>有测量值的单元</translation>
        </message>
        <message>
            <source>Check my data</source>
            <translation>检查我的数据</translation>
        </message>
        <message>
            <source>Check of the data</source>
            <translation>数据检查</translation>
        </message>
        <message>
            <source>Checking that everything loads</source>
            <translation>正在检查各组件能否加载</translation>
        </message>
        <message>
            <source>Checking the engine</source>
            <translation>正在查看引擎</translation>
        </message>
        <message>
            <source>Checksums of the input files.</source>
            <translation>输入文件的校验和</translation>
        </message>
        <message>
            <source>Chosen by the libraries</source>
            <translation>由程序库决定</translation>
        </message>
        <message>
            <source>Classes or zones</source>
            <translation>类别或分区</translation>
        </message>
        <message>
            <source>Cohen's kappa in the held-out blocks</source>
            <translation>留出分块上的 Cohen kappa</translation>
        </message>
        <message>
            <source>Cohen's kappa of the nearest neighbour on the same points</source>
            <translation>最近邻在相同点上的 Cohen kappa</translation>
        </message>
        <message>
            <source>Cohen's kappa of the random forest on the same points</source>
            <translation>随机森林在相同点上的 Cohen kappa</translation>
        </message>
        <message>
            <source>Cohen's kappa on the held-out points</source>
            <translation>留出点上的 Cohen kappa</translation>
        </message>
        <message>
            <source>Cohen’s kappa</source>
            <translation>Cohen kappa</translation>
        </message>
        <message>
            <source>Columns</source>
            <translation>列数</translation>
        </message>
        <message>
            <source>Compare methods of interpolation</source>
            <translation>比较插值方法</translation>
        </message>
        <message>
            <source>Compare methods, then warn</source>
            <translation>比较方法并警告</translation>
        </message>
        <message>
            <source>Compares GeoHG with IDW, kriging and a random forest on the same held-out cells.</source>
            <translation>在相同的留出单元上比较GeoHG与反距离加权、克里金法和随机森林。</translation>
        </message>
        <message>
            <source>Compares GeoHG with simpler methods by cross-validation, and warns where a simpler one predicts better. Shows how a model uses the numbers that an algorithm returns.</source>
            <translation>以交叉验证将GeoHG与较简单的方法比较，当较简单的方法预测得更好时发出警告。演示模型如何使用算法给出的数值。</translation>
        </message>
        <message>
            <source>Comparison of methods</source>
            <translation>方法比较</translation>
        </message>
        <message>
            <source>Computation</source>
            <translation>计算</translation>
        </message>
        <message>
            <source>Compute feature importance</source>
            <translation>计算特征重要性</translation>
        </message>
        <message>
            <source>Computing feature importance</source>
            <translation>正在计算特征重要性</translation>
        </message>
        <message>
            <source>Computing the area of applicability</source>
            <translation>正在计算适用范围</translation>
        </message>
        <message>
            <source>Confusion matrix of GeoHG.</source>
            <translation>GeoHG 的混淆矩阵。</translation>
        </message>
        <message>
            <source>Contours</source>
            <translation>等值线</translation>
        </message>
        <message>
            <source>Contours are drawn through at most {most:,} cells, and the map has {cells:,}; leave the contours out, or use larger cells or a smaller extent.</source>
            <translation>等值线最多穿过 {most:,} 个单元绘制，而地图有 {cells:,} 个；请不要输出等值线，或使用更大的单元或更小的范围。</translation>
        </message>
        <message>
            <source>Contours every {interval:g} would be {count:,.0f} levels, and at most {most} are drawn: the values span {span:g}. Use an interval of at least {fits:.2g}.</source>
            <translation>间隔 {interval:g} 的等值线会有 {count:,.0f} 级，最多绘制 {most} 级：数值跨度为 {span:g}。请使用至少 {fits:.2g} 的间隔。</translation>
        </message>
        <message>
            <source>Contrastive loss of the last epoch</source>
            <translation>最后一轮的对比损失</translation>
        </message>
        <message>
            <source>Copying the raster '{name}': {percent} %</source>
            <translation>正在复制栅格“{name}”：{percent}%</translation>
        </message>
        <message>
            <source>Counting land-cover classes</source>
            <translation>正在统计土地覆盖类别</translation>
        </message>
        <message>
            <source>Covariate rasters</source>
            <translation>协变量栅格</translation>
        </message>
        <message>
            <source>Covariates</source>
            <translation>协变量</translation>
        </message>
        <message>
            <source>Covariates and labels of points and cells are carried to all cells at once</source>
            <translation>点的协变量和单元的标签要一次推算到所有单元</translation>
        </message>
        <message>
            <source>Coverage</source>
            <translation>覆盖率</translation>
        </message>
        <message>
            <source>Coverage (%)</source>
            <translation>覆盖率（%）</translation>
        </message>
        <message>
            <source>Coverage is the share of held-out values inside the method’s intervals; it should be {level:g} %. Width is the mean width of the intervals. All methods are calibrated alike, on leave-one-out errors of the training cells.</source>
            <translation>覆盖率是留出值落入该方法区间的比例，应为{level:g}%；宽度是区间的平均宽度；所有方法以相同的方式校准，即依据逐一留出的训练单元上的误差。</translation>
        </message>
        <message>
            <source>Coverage of the intervals on the held-out blocks</source>
            <translation>留出分块上的区间覆盖率</translation>
        </message>
        <message>
            <source>Coverage of the intervals on the test cells</source>
            <translation>测试单元上的区间覆盖率</translation>
        </message>
        <message>
            <source>Coverage of the intervals to expect in these cells</source>
            <translation>这些单元中区间的预期覆盖率</translation>
        </message>
        <message>
            <source>Coverage: the {level:.0f} % intervals contain {share:.1f} % of the values in held-out cells and {blocks:.1f} % in held-out blocks.</source>
            <translation>覆盖率：{level:.0f}%区间包含留出单元中{share:.1f}%的值和留出分块中{blocks:.1f}%的值。</translation>
        </message>
        <message>
            <source>Coverage: the {level:.0f} % intervals contain {share:.1f} % of these values.</source>
            <translation>覆盖率：{level:.0f}%区间包含这些值的{share:.1f}%。</translation>
        </message>
        <message>
            <source>Cropland</source>
            <translation>耕地</translation>
        </message>
        <message>
            <source>Cutting '{kind}' by the cells</source>
            <translation>正在按单元切分“{kind}”</translation>
        </message>
        <message>
            <source>Dasymetric, by built-up land</source>
            <translation>分区密度法（按建设用地）</translation>
        </message>
        <message>
            <source>Data</source>
            <translation>数据</translation>
        </message>
        <message>
            <source>Data and graph in numbers</source>
            <translation>数据与异构图概况</translation>
        </message>
        <message>
            <source>Data in numbers</source>
            <translation>数据概况</translation>
        </message>
        <message>
            <source>Default: the CRS of the points.</source>
            <translation>默认使用点图层的CRS。</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>设备</translation>
        </message>
        <message>
            <source>Devices</source>
            <translation>设备</translation>
        </message>
        <message>
            <source>Diagnostics</source>
            <translation>诊断</translation>
        </message>
        <message>
            <source>Diagnostics…</source>
            <translation>诊断…</translation>
        </message>
        <message>
            <source>Difference between contours, in the unit of the value: 5 draws them at 5, 10, 15 and so on. 0 draws them where the colours of the map change, or where these have no steps, at 10 to 25 round values.</source>
            <translation>相邻等值线的差值，单位与数值相同：5 表示在 5、10、15 等处绘制。0 表示在地图颜色变化处绘制；颜色不分级时，在 10 到 25 个整齐的值处绘制。</translation>
        </message>
        <message>
            <source>Disk</source>
            <translation>磁盘</translation>
        </message>
        <message>
            <source>Distance</source>
            <translation>距离</translation>
        </message>
        <message>
            <source>Distance layers</source>
            <translation>距离图层</translation>
        </message>
        <message>
            <source>Distance to the nearest training cell</source>
            <translation>到最近训练单元的距离</translation>
        </message>
        <message>
            <source>Downloading {package}</source>
            <translation>正在下载{package}</translation>
        </message>
        <message>
            <source>Each layer adds its output to its input, instead of replacing it.</source>
            <translation>每层将输出加到输入上，而不是替换输入。</translation>
        </message>
        <message>
            <source>Easting</source>
            <translation>东向坐标</translation>
        </message>
        <message>
            <source>Edit a copy in the model designer…</source>
            <translation>在模型构建器中编辑副本…</translation>
        </message>
        <message>
            <source>Elevation</source>
            <translation>高程</translation>
        </message>
        <message>
            <source>Encoder file</source>
            <translation>编码器文件</translation>
        </message>
        <message>
            <source>Encoding of file names</source>
            <translation>文件名编码</translation>
        </message>
        <message>
            <source>Engine</source>
            <translation>引擎</translation>
        </message>
        <message>
            <source>Environment of Set up the engine</source>
            <translation>“安装引擎”所建的环境</translation>
        </message>
        <message>
            <source>Epoch</source>
            <translation>训练轮次</translation>
        </message>
        <message>
            <source>Epoch kept</source>
            <translation>采用的轮次</translation>
        </message>
        <message>
            <source>Epochs</source>
            <translation>轮数</translation>
        </message>
        <message>
            <source>Epochs trained</source>
            <translation>训练轮数</translation>
        </message>
        <message>
            <source>Equally likely maps: values that one new measurement in every cell could give.</source>
            <translation>等可能的地图：每个单元格一次新测量可能得到的值。</translation>
        </message>
        <message>
            <source>Error by distance to the nearest training cell</source>
            <translation>误差随到最近训练单元的距离的变化</translation>
        </message>
        <message>
            <source>Errors on {cells} cells in held-out spatial blocks, which no method used.</source>
            <translation>在整块留出、未提供给任何方法的{cells}个单元上的误差</translation>
        </message>
        <message>
            <source>Errors on {cells} held-out cells, which no method used.</source>
            <translation>在未提供给任何方法的{cells}个单元上的误差</translation>
        </message>
        <message>
            <source>Errors to expect in the cells of this map without measurements.</source>
            <translation>本图没有测量值的单元中的预期误差。</translation>
        </message>
        <message>
            <source>Evaluate model</source>
            <translation>评估模型</translation>
        </message>
        <message>
            <source>Evaluation report</source>
            <translation>评估报告</translation>
        </message>
        <message>
            <source>Every cell has a measurement, so none is left to measure; use smaller cells.</source>
            <translation>每个单元都有测量值，没有可再测量的单元；请使用更小的单元。</translation>
        </message>
        <message>
            <source>Every observed cell of '{target}' in this graph was used to fit the model, so none can test it; train with held-out cells, or give new points.</source>
            <translation>该异构图中“{target}”有观测值的单元都已用于拟合模型，因此没有可供检验的单元；请在训练时留出单元，或提供新的点。</translation>
        </message>
        <message>
            <source>Exactly as published</source>
            <translation>与发表时完全一致</translation>
        </message>
        <message>
            <source>Example of GeoHG</source>
            <translation>GeoHG示例</translation>
        </message>
        <message>
            <source>Examples</source>
            <translation>示例</translation>
        </message>
        <message>
            <source>Expected</source>
            <translation>期望值</translation>
        </message>
        <message>
            <source>Extent</source>
            <translation>范围</translation>
        </message>
        <message>
            <source>Extent of the grid, which has the CRS and the cell size of the model. Default: that of the study area, or of the training.</source>
            <translation>网格的范围；网格采用模型的坐标参考系和单元大小。默认：研究区的范围，或训练时的范围。</translation>
        </message>
        <message>
            <source>Extent of the grid. Default: that of the study area or the points.</source>
            <translation>格网的边界；默认为研究区的边界，或点的边界。</translation>
        </message>
        <message>
            <source>Far from the others</source>
            <translation>远离其他值</translation>
        </message>
        <message>
            <source>Feature importance</source>
            <translation>特征重要性</translation>
        </message>
        <message>
            <source>Feature importance is not computed for graphs of more than {most:,} cells, as it would take too long.</source>
            <translation>单元超过{most:,}个的异构图不计算特征重要性，因为耗时过长。</translation>
        </message>
        <message>
            <source>Feature importance needs at least {least} held-out cells; there are {count}.</source>
            <translation>特征重要性至少需要{least}个留出单元；现有{count}个。</translation>
        </message>
        <message>
            <source>Fetch ESA WorldCover</source>
            <translation>获取ESA WorldCover</translation>
        </message>
        <message>
            <source>Fetching WorldCover {year}, tile {number} of {count}</source>
            <translation>正在获取WorldCover {year}，第{number}幅，共{count}幅</translation>
        </message>
        <message>
            <source>Fetching {city}, file {number} of {count}: {name}</source>
            <translation>正在获取{city}，第{number}个文件，共{count}个：{name}</translation>
        </message>
        <message>
            <source>Fetching {package} ({number} of {total})</source>
            <translation>正在获取{package}（第{number}个，共{total}个）</translation>
        </message>
        <message>
            <source>Fewer than two cells have a neighbour in the graph or a cell with similar features; give the graph features, or set 'ssl.near_neighbours' or 'ssl.similar_neighbours' above 0.</source>
            <translation>在异构图中有相邻单元或有特征相似单元的单元不足两个；请为异构图提供特征，或将“ssl.near_neighbours”或“ssl.similar_neighbours”设为大于0。</translation>
        </message>
        <message>
            <source>Field</source>
            <translation>字段</translation>
        </message>
        <message>
            <source>Field of classes</source>
            <translation>类别字段</translation>
        </message>
        <message>
            <source>Fields of '{name}' are replaced by results of the same name: {names}.</source>
            <translation>“{name}”的以下字段被同名结果替换：{names}。</translation>
        </message>
        <message>
            <source>Figure {number}.</source>
            <translation>图{number}</translation>
        </message>
        <message>
            <source>Figures are written as png and svg, not as '{file_format}'.</source>
            <translation>图件以png和svg格式写出，不支持“{file_format}”。</translation>
        </message>
        <message>
            <source>Files and layers</source>
            <translation>文件与图层</translation>
        </message>
        <message>
            <source>Finished map</source>
            <translation>完成的地图</translation>
        </message>
        <message>
            <source>First pretrains the network's encoder on the whole graph, without measured values, then trains the network from it. This makes training more stable where few cells have measurements.</source>
            <translation>先在整个异构图上不用任何测量值训练网络的编码器，再由此训练网络本身。在有测量值的单元较少时，能使网络更稳定。</translation>
        </message>
        <message>
            <source>First quartile</source>
            <translation>第一四分位数</translation>
        </message>
        <message>
            <source>Fit and predict in folds</source>
            <translation>分折拟合与预测</translation>
        </message>
        <message>
            <source>Fit to all observed cells</source>
            <translation>用全部有观测值的单元拟合</translation>
        </message>
        <message>
            <source>Fit to the training cells, predict the held-out cells</source>
            <translation>拟合训练单元，预测留出单元</translation>
        </message>
        <message>
            <source>Fit without the held-out blocks, predict them</source>
            <translation>不用留出分块拟合，并预测它们</translation>
        </message>
        <message>
            <source>Fits a model to the observed cells of a graph file. The test cells are not used, so that Evaluate can test the model on them. Spatial blocks of the other cells are held out as well, to measure accuracy away from measurements and to widen the intervals there.</source>
            <translation>用异构图文件中有观测值的单元拟合模型。模型不会用到测试单元，以便“评估模型”在其上检验精度。其余单元再以整块留出一次，以说明模型能向外延伸多远，以及远离测量值时区间须加宽多少。</translation>
        </message>
        <message>
            <source>Fits a model to the observed cells of a graph.</source>
            <translation>用异构图中有观测值的单元拟合模型。</translation>
        </message>
        <message>
            <source>Fits only the layers after the encoder; the model propagation always does this.</source>
            <translation>只拟合编码器之后的部分；propagation模型始终如此。</translation>
        </message>
        <message>
            <source>Fitting</source>
            <translation>正在拟合</translation>
        </message>
        <message>
            <source>Fitting again to all observed cells, for the map.</source>
            <translation>为生成地图，用全部有观测值的单元重新拟合。</translation>
        </message>
        <message>
            <source>Folder</source>
            <translation>文件夹</translation>
        </message>
        <message>
            <source>Folder of the city</source>
            <translation>城市文件夹</translation>
        </message>
        <message>
            <source>Folder of the values</source>
            <translation>测量值文件夹</translation>
        </message>
        <message>
            <source>Folder that keeps the blocks that are done, so that the same run goes on where it stopped.</source>
            <translation>保存已完成区块的文件夹，使同一次运行可以从停止处继续。</translation>
        </message>
        <message>
            <source>Folds</source>
            <translation>折数</translation>
        </message>
        <message>
            <source>For example µg/m³. It is shown in legends, band names and the report.</source>
            <translation>例如µg/m³。用于图例、地图波段名称和报告。</translation>
        </message>
        <message>
            <source>For polygons with values, set VALUES_ARE to mean or total.</source>
            <translation>如果多边形带有值，请将 VALUES_ARE 设为 mean 或 total。</translation>
        </message>
        <message>
            <source>Found, % (producer’s accuracy)</source>
            <translation>找到的比例，%（生产者精度）</translation>
        </message>
        <message>
            <source>Freeze the encoder</source>
            <translation>冻结编码器</translation>
        </message>
        <message>
            <source>From Set up the engine</source>
            <translation>“安装引擎”所建环境的Python</translation>
        </message>
        <message>
            <source>From districts to other polygons</source>
            <translation>从行政区到其他多边形</translation>
        </message>
        <message>
            <source>From the errors at cells that were predicted without their own values, held out at random, in blocks or one by one. They are weighted so that they lie as far from the cells that a model knew as the map’s cells from all cells with measurements. The values are new measurements at one place or a few; the mean of a whole cell is predicted better where measurements are noisy.</source>
            <translation>来自预测时未使用自身数值的单元的误差，这些单元随机、成块或逐个留出，并加权，使其离模型已知单元的距离与本图单元离全部有测量值单元的距离相同。这里的数值是在一处或几处的新测量值；测量有噪声时，整个单元的平均值预测得更好。</translation>
        </message>
        <message>
            <source>GRAPH is a whole graph; leave it empty, or leave out {others}.</source>
            <translation>GRAPH 是一个完整的图；请将其留空，或不要给出 {others}。</translation>
        </message>
        <message>
            <source>GeoHG (heterogeneous graph interpolation)</source>
            <translation>GeoHG（异构图插值）</translation>
        </message>
        <message>
            <source>GeoHG computes in its own Python environment with PyTorch, so that QGIS stays unchanged. This downloads the packages from the Python Package Index and PyTorch (about 400 MB for CPU, which take 1.6 GB on disk; several GB for CUDA), checks every file against a pinned hash, and tests the environment on a toy graph before using it. Run it again to repair or renew the environment; the old one stays until the new one works.

It is installed in {folder}, outside QGIS and its profile.</source>
            <translation>GeoHG在独立的Python环境中借助PyTorch进行计算，不改动QGIS的任何部分。本工具从Python Package Index和PyTorch下载该环境（CPU版约400 MB、占用磁盘1.6 GB，CUDA版数GB），按锁定的哈希值校验每个文件，在一个小型图上试训练，全部通过后才启用。再次运行即可修复或更新；新环境就绪之前，原有环境保持不变。

环境安装在{folder}，位于QGIS及其配置文件夹之外。</translation>
        </message>
        <message>
            <source>GeoHG diagnostics</source>
            <translation>GeoHG诊断</translation>
        </message>
        <message>
            <source>GeoHG has a fault ({reason}); please report it, with what you did and the traceback in the log.</source>
            <translation>GeoHG出现了故障（{reason}）；请报告此问题，并附上您的操作和日志中的回溯信息。</translation>
        </message>
        <message>
            <source>GeoHG is free software (GPL-2.0-or-later). It comes without any warranty.</source>
            <translation>GeoHG是自由软件（GPL-2.0-or-later），不附带任何担保。</translation>
        </message>
        <message>
            <source>GeoHG is right clearly more often than both.</source>
            <translation>GeoHG 明显比两者更常正确。</translation>
        </message>
        <message>
            <source>GeoTIFF with equally likely maps, a band each, for example to see what the uncertainty does to another model. A band has the values that one new measurement in every cell could give. In each cell, the bands have the mean of the prediction and errors like those on left-out measurements; at observed cells they use the cell's own values. Neighbouring cells go together as the model knows it, so that means of districts spread as they should. A model of the kind gnn has none.</source>
            <translation>包含等可能地图的 GeoTIFF，每幅地图一个波段，例如用来了解不确定性对另一个模型的影响。一个波段是每个单元格一次新测量可能得到的值。在每个单元格中，各波段的均值等于预测值，误差的分布与留出测量值上的误差相同；在有观测的单元格中会用到该单元格自己的值。相邻单元格按模型所知共同变化，因此区域均值的离散程度也是合适的。gnn 类型的模型没有模拟。</translation>
        </message>
        <message>
            <source>GeoTIFF with the lower end of the prediction interval for a new measurement anywhere in each cell. At observed cells the cell's own values are not used.</source>
            <translation>每个单元内任意一处新测量值的预测区间下限的 GeoTIFF。在有观测的单元，不使用该单元自身的值。</translation>
        </message>
        <message>
            <source>GeoTIFF with the number of the likeliest class of every cell, counted from 1 in the order of their names; it has their colours, and 0 is no class.</source>
            <translation>GeoTIFF，每个单元为最可能类别的编号，按名称顺序从 1 开始；带有类别颜色，0 表示没有类别。</translation>
        </message>
        <message>
            <source>GeoTIFF with the predicted mean of every cell. The value at a place in it may differ.</source>
            <translation>每个格网单元预测均值的 GeoTIFF。单元内某一地点的值可能与之不同。</translation>
        </message>
        <message>
            <source>GeoTIFF with the probability, 0 to 1, of each class at a point in the cell; a band for each class, which has its name.</source>
            <translation>GeoTIFF，单元内一点属于各类别的概率（0 到 1）；每个类别一个波段，波段以类别命名。</translation>
        </message>
        <message>
            <source>GeoTIFF with the probability, 0 to 1, that a new measurement anywhere in each cell is above a threshold; a band for each of the thresholds, which it needs. It agrees with the intervals.</source>
            <translation>GeoTIFF，给出每个像元内任意处的新测量值高于阈值的概率（0 到 1）；每个阈值一个波段，因此需要给出阈值。与区间一致。</translation>
        </message>
        <message>
            <source>GeoTIFF with the standard deviation of the prediction error for a new measurement anywhere in each cell. At observed cells the cell's own values are not used.</source>
            <translation>每个单元内任意一处新测量值的预测误差标准差的 GeoTIFF。在有观测的单元，不使用该单元自身的值。</translation>
        </message>
        <message>
            <source>GeoTIFF with the upper end of the prediction interval for a new measurement anywhere in each cell. At observed cells the cell's own values are not used.</source>
            <translation>每个单元内任意一处新测量值的预测区间上限的 GeoTIFF。在有观测的单元，不使用该单元自身的值。</translation>
        </message>
        <message>
            <source>GeoTIFF with the value that a new measurement anywhere in each cell is below with a given probability; a band for each of the quantiles, which it needs.</source>
            <translation>GeoTIFF，给出每个像元内任意处的新测量值以给定概率低于的数值；每个分位数一个波段，因此需要给出分位数。</translation>
        </message>
        <message>
            <source>Give y, the values to predict, as an array; the name of a column goes to from_dataframe.</source>
            <translation>请以数组形式给出 y，即要预测的数值；列名请交给 from_dataframe。</translation>
        </message>
        <message>
            <source>Gives each polygon the mean or total of a map, with its uncertainty.</source>
            <translation>给出每个多边形内地图的均值或总和及其不确定性。</translation>
        </message>
        <message>
            <source>Gives each polygon the mean or total of the cells that a trained model predicts, with standard deviation and interval, and the probability of exceeding thresholds. Errors of near cells go together; this is taken into account, where zonal statistics of an uncertainty raster would give intervals far too narrow.

The layer has, after the fields of the polygons and behind the name of the value: mean or total, std, lower, upper, above_ with each threshold, applicable (share of the cells inside the area of applicability), cells (number of cells) and covered (share of the polygon's area that the map covers).</source>
            <translation>为每个多边形给出已训练模型所预测格网单元的均值或总量，以及标准差、区间和超过阈值的概率。相邻单元的误差是相关的；这里考虑了这一点，而不确定性栅格的分区统计会给出过窄的区间。

图层在多边形的字段之后、以数值名称为前缀，有：均值或总量、std、lower、upper、带各阈值的 above_、applicable（位于适用区域内的单元比例）、cells（单元数）和 covered（地图覆盖多边形面积的比例）。</translation>
        </message>
        <message>
            <source>Graph file</source>
            <translation>异构图文件</translation>
        </message>
        <message>
            <source>Grassland</source>
            <translation>草地</translation>
        </message>
        <message>
            <source>Greatest</source>
            <translation>最大值</translation>
        </message>
        <message>
            <source>Grid of the map</source>
            <translation>地图格网</translation>
        </message>
        <message>
            <source>Group field</source>
            <translation>分组字段</translation>
        </message>
        <message>
            <source>Groups</source>
            <translation>分组数</translation>
        </message>
        <message>
            <source>Held-out cells, weighted to lie as the map’s.</source>
            <translation>留出单元，按本图单元的距离加权。</translation>
        </message>
        <message>
            <source>Held-out groups show the accuracy for groups without measurements, held-out blocks for areas away from all measurements</source>
            <translation>留出的分组反映无人测量的组，分块反映远离所有测量值的地方</translation>
        </message>
        <message>
            <source>Held-out random cells</source>
            <translation>留出的随机单元</translation>
        </message>
        <message>
            <source>Held-out spatial blocks</source>
            <translation>留出的空间分块</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>帮助</translation>
        </message>
        <message>
            <source>Herbaceous wetland</source>
            <translation>草本湿地</translation>
        </message>
        <message>
            <source>Hold out spatial blocks too</source>
            <translation>同时留出空间分块</translation>
        </message>
        <message>
            <source>How a node combines the messages of its neighbours: weighted mean (GraphConv), plain mean (SAGEConv), attention (GATv2Conv), or a small network for each message (GINEConv). The last two are slower.</source>
            <translation>节点之间传递消息的方式：加权平均（GraphConv）、普通平均（SAGEConv）、注意力（GATv2Conv），或对每条消息使用小型网络（GINEConv）。后两种较慢。</translation>
        </message>
        <message>
            <source>How cells are held out to measure accuracy: a random share of the cells once (holdout), cross-validation with random folds (kfold), or cross-validation with whole groups of points (groups), which needs a group field. With auto, a map of fewer than 500 observed cells is tested by random folds, unless the share held out is set or a network is trained, and others by a random share.</source>
            <translation>如何留出单元以测量精度：一次性随机留出一部分单元（holdout）、随机折交叉验证（kfold），或按整组点交叉验证（groups，需要分组字段）。选择 auto 时，有观测值的单元少于 500 个的地图用随机折检验（除非设置了留出比例或训练网络），其余用随机留出检验。</translation>
        </message>
        <message>
            <source>How far values are alike.</source>
            <translation>数值在多远内相似</translation>
        </message>
        <message>
            <source>How many equally likely maps the raster of simulations has. Means over them are off by the standard deviation over the root of their number: by a tenth of it with 100.</source>
            <translation>模拟栅格包含多少幅等可能的地图。它们的均值的误差等于标准差除以数量的平方根：100 幅时为标准差的十分之一。</translation>
        </message>
        <message>
            <source>How strongly the loss separates similar from different cells; smaller is stronger.</source>
            <translation>损失区分相似与不同单元的强度；越小越强。</translation>
        </message>
        <message>
            <source>Hypernodes</source>
            <translation>超节点</translation>
        </message>
        <message>
            <source>If no land-cover raster is given, downloads the map of 2020 or 2021 (10 m classes) for the grid from ESA's public server, at the resolution that the cells need, and keeps it for later runs. none uses no network. Published maps must credit ESA WorldCover, as the report does.</source>
            <translation>未提供土地覆盖栅格时，从ESA的公共服务器获取格网范围内的土地覆盖：2020年或2021年的10 m分类图，精细程度按单元所需。获取的数据会保留供下次运行使用。none表示不使用网络。展示地图时须注明ESA WorldCover，报告中已注明。</translation>
        </message>
        <message>
            <source>If {code} stands for missing pixels, tag it as nodata, such as with gdal_edit.py -a_nodata {code}.</source>
            <translation>如果{code}表示缺失像素，请将其标记为无数据值，例如使用 gdal_edit.py -a_nodata {code}。</translation>
        </message>
        <message>
            <source>Import city</source>
            <translation>导入城市</translation>
        </message>
        <message>
            <source>In a separate process</source>
            <translation>在独立进程中</translation>
        </message>
        <message>
            <source>In cells of this map without measurements, expect an RMSE of {rmse} (MAE {mae}).</source>
            <translation>在本图没有测量值的单元中，预期 RMSE 为 {rmse}（MAE {mae}）。</translation>
        </message>
        <message>
            <source>In cells of this map without measurements, expect an RMSE of {rmse} (MAE {mae}, R² {r2}).</source>
            <translation>在本图没有测量值的单元中，预期 RMSE 为 {rmse}（MAE {mae}，R² {r2}）。</translation>
        </message>
        <message>
            <source>In cells without measurements, expect: RMSE {rmse}{unit}, R² {r2}.</source>
            <translation>没有测量值的单元中的预期：RMSE {rmse}{unit}，R² {r2}。</translation>
        </message>
        <message>
            <source>In the settings file '{path}': {error}</source>
            <translation>设置文件“{path}”中：{error}</translation>
        </message>
        <message>
            <source>In the unit that the model predicts; required with new points.</source>
            <translation>单位与模型所预测的值相同；提供新点时必填。</translation>
        </message>
        <message>
            <source>In {count} of {cells} cells the prediction lies outside its own {level:g} interval: most measured values are alike and a few are far from them, so the interval holds the many, and the prediction is the mean of all.</source>
            <translation>在 {cells} 个单元中，有 {count} 个单元的预测值位于自己的 {level:g} 区间之外：大多数测量值相近，少数相差很远，因此区间包含的是多数值，而预测值是全部的均值。</translation>
        </message>
        <message>
            <source>In {share} of the map no class is likelier than all others together: look at the probabilities there.</source>
            <translation>在 {share} 的地图上，没有一个类别比其余类别合起来更可能：请查看那里的概率。</translation>
        </message>
        <message>
            <source>Increase of the RMSE</source>
            <translation>RMSE的增量</translation>
        </message>
        <message>
            <source>Increase of the RMSE on the held-out cells when the values of a feature are shuffled among all cells; lines span several shuffles. Features with the same information can replace each other, so each alone seems unimportant. For measured cells nearby, the positions of the cells are shuffled, and all features stay.</source>
            <translation>将某特征的值在所有单元间随机打乱后，留出单元上RMSE的增量；线段为多次打乱的范围。信息相同的特征可以互相替代，因此单独看都显得不重要。对于“邻近的有测量值单元”，打乱的是单元的位置，所有特征保持不变。</translation>
        </message>
        <message>
            <source>Increase of the error without each feature</source>
            <translation>去除各特征后误差的增量</translation>
        </message>
        <message>
            <source>Inputs</source>
            <translation>输入</translation>
        </message>
        <message>
            <source>Inside QGIS's Python</source>
            <translation>在QGIS的Python中</translation>
        </message>
        <message>
            <source>Installing the packages</source>
            <translation>正在安装软件包</translation>
        </message>
        <message>
            <source>Installs the Python environment that GeoHG computes in, separate from QGIS.</source>
            <translation>安装GeoHG计算所需的组件，与QGIS相互独立。</translation>
        </message>
        <message>
            <source>Interpolate points with land cover</source>
            <translation>结合土地覆盖的点插值</translation>
        </message>
        <message>
            <source>Interpolate, then summarise in polygons</source>
            <translation>插值并按多边形汇总</translation>
        </message>
        <message>
            <source>Interpolation report</source>
            <translation>插值报告</translation>
        </message>
        <message>
            <source>Interval of the contours</source>
            <translation>等值线间隔</translation>
        </message>
        <message>
            <source>Intervals widen with the distance to cells with measurements, as the errors of held-out cells require: from {least} times the width that leave-one-out errors ask for, at {first} or less, to {most} times at {last} and beyond. Each held-out cell was tested with what the others require.</source>
            <translation>区间随离有测量值单元的距离而变宽，宽度由留出单元的误差决定：在 {first} 以内为留一误差所要求宽度的 {least} 倍，在 {last} 及更远处为 {most} 倍。每个留出单元都用其他单元所要求的宽度检验。</translation>
        </message>
        <message>
            <source>Inverse distance weighting</source>
            <translation>反距离加权</translation>
        </message>
        <message>
            <source>It ended with code {code}.</source>
            <translation>结束时的代码为{code}。</translation>
        </message>
        <message>
            <source>It is not shown that GeoHG is right more often than both.</source>
            <translation>尚不能表明 GeoHG 比两者更常正确。</translation>
        </message>
        <message>
            <source>It was not compared with kriging.</source>
            <translation>未与克里金比较。</translation>
        </message>
        <message>
            <source>Its CRS is in degrees, so that a cell is {width:,.0f} m x {height:,.0f} m; for square cells choose a CRS in metres, such as EPSG:{code}.</source>
            <translation>其CRS以度为单位，单元为{width:,.0f} m × {height:,.0f} m；若需正方形单元，请选择以米为单位的CRS，例如EPSG:{code}。</translation>
        </message>
        <message>
            <source>Joining neighbouring cells</source>
            <translation>正在连接相邻单元</translation>
        </message>
        <message>
            <source>Keep the engine ready for the next job</source>
            <translation>让引擎为下一个任务保持就绪</translation>
        </message>
        <message>
            <source>Keep totals</source>
            <translation>保持总和</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>方式</translation>
        </message>
        <message>
            <source>Kriging would be off by {other}, but on the held-out cells GeoHG was not shown to be better.</source>
            <translation>克里金的偏差为{other}，但在留出的单元上未能证明GeoHG更好。</translation>
        </message>
        <message>
            <source>Kriging would be off by {other}.</source>
            <translation>克里金的偏差为{other}。</translation>
        </message>
        <message>
            <source>Kriging would be off by {other}: GeoHG was not shown to be better here.</source>
            <translation>克里金的偏差为{other}：此处未能证明GeoHG更好。</translation>
        </message>
        <message>
            <source>Land cover</source>
            <translation>土地覆盖</translation>
        </message>
        <message>
            <source>Land cover cannot be kept in '{folder}': {reason}. Name another folder in the environment variable GEOHG_CACHE.</source>
            <translation>无法将土地覆盖保存到“{folder}”：{reason}。请在环境变量GEOHG_CACHE中指定其他文件夹。</translation>
        </message>
        <message>
            <source>Land cover is given twice, as rasters and as WorldCover to fetch; leave out the rasters, or set data.worldcover to none.</source>
            <translation>土地覆盖被指定了两次，既有栅格又要获取WorldCover；请不要提供栅格，或将data.worldcover设为none。</translation>
        </message>
        <message>
            <source>Land cover is given twice, by LANDCOVER and by WORLDCOVER; leave LANDCOVER empty, or set WORLDCOVER to none.</source>
            <translation>土地覆盖被指定了两次，分别由LANDCOVER和WORLDCOVER给出；请将LANDCOVER留空，或将WORLDCOVER设为none。</translation>
        </message>
        <message>
            <source>Land cover of the cells.</source>
            <translation>各单元的土地覆盖</translation>
        </message>
        <message>
            <source>Land cover: {name}</source>
            <translation>土地覆盖：{name}</translation>
        </message>
        <message>
            <source>Land-cover band</source>
            <translation>土地覆盖的波段</translation>
        </message>
        <message>
            <source>Land-cover classes</source>
            <translation>土地覆盖类别</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>语言</translation>
        </message>
        <message>
            <source>Large map: Dask scheduler</source>
            <translation>大型地图：Dask 调度器</translation>
        </message>
        <message>
            <source>Large map: processes</source>
            <translation>大型地图：进程数</translation>
        </message>
        <message>
            <source>Large map: work folder</source>
            <translation>大型地图：工作文件夹</translation>
        </message>
        <message>
            <source>Last failures</source>
            <translation>最近的失败记录</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>以后</translation>
        </message>
        <message>
            <source>Latitude</source>
            <translation>纬度</translation>
        </message>
        <message>
            <source>Layer normalisation of each layer's output (layer), or none.</source>
            <translation>对每层的输出进行层归一化（layer），或不进行（none）。</translation>
        </message>
        <message>
            <source>Learning rate</source>
            <translation>学习率</translation>
        </message>
        <message>
            <source>Least</source>
            <translation>最小值</translation>
        </message>
        <message>
            <source>Least and greatest value</source>
            <translation>最小值和最大值</translation>
        </message>
        <message>
            <source>Left out: {reason}</source>
            <translation>排除：{reason}</translation>
        </message>
        <message>
            <source>Level of the intervals</source>
            <translation>预测区间的水平</translation>
        </message>
        <message>
            <source>Level of the intervals (%)</source>
            <translation>区间的水平（%）</translation>
        </message>
        <message>
            <source>Likeliest class of every cell</source>
            <translation>每个单元最可能的类别</translation>
        </message>
        <message>
            <source>Line {line} of '{path}' has {got} fields; its first line names {width}.</source>
            <translation>“{path}”的第{line}行有{got}个字段；其首行列出{width}个。</translation>
        </message>
        <message>
            <source>Line {line} of the table '{path}' has {got} fields, more fields than its first line ({width}); put texts with commas between quotes, and use decimal points in numbers.</source>
            <translation>表“{path}”的第{line}行有{got}个字段，多于首行列出的{width}个；含逗号的文本请加引号，数字中请用小数点而不用逗号。</translation>
        </message>
        <message>
            <source>Line {line} of the table '{path}' has {got} fields, more fields than its first line ({width}); put texts with {signs} between quotes.</source>
            <translation>表“{path}”的第{line}行有{got}个字段，多于首行列出的{width}个；含{signs}的文本请加引号。</translation>
        </message>
        <message>
            <source>Line {number} of '{path}' cannot be read: {line!r}.</source>
            <translation>无法读取“{path}”的第{number}行：{line!r}。</translation>
        </message>
        <message>
            <source>Lines of equal predicted value.</source>
            <translation>预测值相等的线。</translation>
        </message>
        <message>
            <source>Links between cells</source>
            <translation>单元之间的连接</translation>
        </message>
        <message>
            <source>Links between neighbouring cells</source>
            <translation>相邻单元之间的连接</translation>
        </message>
        <message>
            <source>Links from POI categories to cells</source>
            <translation>POI类别到单元的连接</translation>
        </message>
        <message>
            <source>Links from categories to cells</source>
            <translation>类别到单元的连接</translation>
        </message>
        <message>
            <source>Links from classes to cells</source>
            <translation>土地覆盖类别到单元的连接</translation>
        </message>
        <message>
            <source>Lists the versions of GeoHG, QGIS and the system, the Pythons considered for the engine and why each was accepted or rejected, packages, devices and their memory, free disk space, and recent failures. Your home folder is shown as ~; nothing is sent anywhere.</source>
            <translation>给出GeoHG、QGIS和系统的版本，为引擎查看过哪些Python以及各自采用与否的原因，软件包、设备及其内存、磁盘剩余空间，以及最近的失败记录。您的主文件夹显示为~；不会向任何地方发送内容。</translation>
        </message>
        <message>
            <source>Log loss</source>
            <translation>对数损失</translation>
        </message>
        <message>
            <source>Log loss in the held-out blocks</source>
            <translation>留出分块上的对数损失</translation>
        </message>
        <message>
            <source>Log loss of the random forest on the same points</source>
            <translation>随机森林在相同点上的对数损失</translation>
        </message>
        <message>
            <source>Log loss on the held-out points</source>
            <translation>留出点上的对数损失</translation>
        </message>
        <message>
            <source>Longitude</source>
            <translation>经度</translation>
        </message>
        <message>
            <source>Looking at the ground</source>
            <translation>查看地面信息</translation>
        </message>
        <message>
            <source>Looking for similar cells</source>
            <translation>正在查找相似单元</translation>
        </message>
        <message>
            <source>Lower bound</source>
            <translation>下界</translation>
        </message>
        <message>
            <source>MAE / MAE of the mean</source>
            <translation>MAE / 均值的 MAE</translation>
        </message>
        <message>
            <source>MAE divided by that of the mean, on the test cells</source>
            <translation>测试单元上 MAE 与均值 MAE 之比</translation>
        </message>
        <message>
            <source>MAE in the unit of the value, on the test cells</source>
            <translation>测试单元上以数值单位计的 MAE</translation>
        </message>
        <message>
            <source>MAE of inverse distance weighting on the same blocks</source>
            <translation>反距离加权在相同分块上的MAE</translation>
        </message>
        <message>
            <source>MAE of inverse distance weighting on the same cells</source>
            <translation>反距离加权在相同单元上的MAE</translation>
        </message>
        <message>
            <source>MAE of ordinary kriging on the same blocks</source>
            <translation>普通克里金在相同分块上的MAE</translation>
        </message>
        <message>
            <source>MAE of ordinary kriging on the same cells</source>
            <translation>普通克里金在相同单元上的MAE</translation>
        </message>
        <message>
            <source>MAE of the random forest on the same blocks</source>
            <translation>随机森林在相同分块上的MAE</translation>
        </message>
        <message>
            <source>MAE of the random forest on the same cells</source>
            <translation>随机森林在相同单元上的MAE</translation>
        </message>
        <message>
            <source>MAE on the held-out blocks</source>
            <translation>留出分块上的MAE</translation>
        </message>
        <message>
            <source>MAE on the test cells</source>
            <translation>测试单元上的MAE</translation>
        </message>
        <message>
            <source>MAE to expect in the map's cells without measurements</source>
            <translation>本图没有测量值的单元中的预期 MAE</translation>
        </message>
        <message>
            <source>Machine</source>
            <translation>处理器架构</translation>
        </message>
        <message>
            <source>Made by GeoHG. Indicators of the classes share one Gaussian process over the graph (indicator kriging: Journel 1983); their probabilities are calibrated on left-out cells.</source>
            <translation>由 GeoHG 生成。各类别的指示变量在图上共用一个高斯过程（指示克里金：Journel 1983）；概率用留一单元校准。</translation>
        </message>
        <message>
            <source>Made by GeoHG. Method: Zou et al., “Space-aware Socioeconomic Indicator Inference with Heterogeneous Graphs”, ACM SIGSPATIAL 2025 (arXiv 2405.14135).</source>
            <translation>由GeoHG生成。方法：Zou等，“Space-aware Socioeconomic Indicator Inference with Heterogeneous Graphs”，ACM SIGSPATIAL 2025（arXiv 2405.14135）。</translation>
        </message>
        <message>
            <source>Made by GeoHG. Nothing was fitted; Interpolate reads the same data.</source>
            <translation>由 GeoHG 生成。没有拟合任何模型；“插值”读取相同的数据。</translation>
        </message>
        <message>
            <source>Made in blocks</source>
            <translation>分块数</translation>
        </message>
        <message>
            <source>Makes a graph file from a city's folder, as Build graph does from layers. The folder contains CSV files (pos_encode.csv and others; see the page on formats) or the text files of the GeoHG paper's public data (pos_encode.txt, ANA.txt, ELA.txt, PLA.txt). Errors in the text files are corrected; the log lists them.

If cells lie on a grid, they are squares: without a CRS and grid in city.json, one kilometre wide and without a position on Earth. If city.json contains a CRS without a grid, cells are points of unknown shape, and no rasters can be made.</source>
            <translation>读取城市文件夹并由其生成异构图文件，如同“构建异构图”由图层生成一样。文件夹中为CSV文件（pos_encode.csv等；见格式说明页），或GeoHG论文公开数据的文本文件（pos_encode.txt、ANA.txt、ELA.txt、PLA.txt），后者中的错误会被修正，并在日志中说明。

位于格网上的单元为正方形：city.json没有给出CRS和格网时，边长一千米，没有实际地理位置。若city.json只给出CRS而没有格网，单元为点，因其形状未知：无法由其生成栅格。</translation>
        </message>
        <message>
            <source>Makes a graph from a folder of city files, such as the paper's data.</source>
            <translation>由城市文件所在的文件夹（例如论文的数据）生成异构图。</translation>
        </message>
        <message>
            <source>Makes a graph of cells, land-cover classes and POI categories.</source>
            <translation>构建由格网单元、土地覆盖类别和POI类别组成的异构图。</translation>
        </message>
        <message>
            <source>Makes a map and summarises it in polygons such as districts.</source>
            <translation>制作地图，并按多边形（如行政区）汇总。</translation>
        </message>
        <message>
            <source>Makes a map of cells whose sums are the totals of districts, such as the people of municipalities, from what is known of the ground. Then sums the cells up in other polygons, such as catchments or postcodes, with the interval of each total.</source>
            <translation>根据已知的地面信息制作格网地图，各格网之和等于行政区的总量（例如各市镇的人口）。然后在其他多边形（例如流域或邮政区）中对格网求和，并给出每个总量的区间。</translation>
        </message>
        <message>
            <source>Makes a map of the value, then summarises it by polygons with the model of the map. Each polygon, such as a district, gets the mean or total of its cells with the interval of that mean, which no statistics of the two rasters can give, the probability of exceeding thresholds, and the share of its cells inside the area of applicability.</source>
            <translation>先制作该值的地图，再用地图的模型按多边形汇总。每个多边形（例如一个区）得到其单元的平均值或总和及该平均值的区间（对两个栅格做统计得不到这个区间）、超过阈值的概率，以及其单元在适用范围内的比例。</translation>
        </message>
        <message>
            <source>Makes the model gnn the network of the paper's code, including its errors, for comparison. Size and training are then fixed as published.</source>
            <translation>使gnn模型与论文代码中的网络完全一致（包括其中的错误），用于对比。规模和训练方式均采用发表时的设置。</translation>
        </message>
        <message>
            <source>Making an environment</source>
            <translation>正在创建环境</translation>
        </message>
        <message>
            <source>Mangroves</source>
            <translation>红树林</translation>
        </message>
        <message>
            <source>Map</source>
            <translation>地图</translation>
        </message>
        <message>
            <source>Map classes of points</source>
            <translation>绘制点的类别图</translation>
        </message>
        <message>
            <source>Map of classes</source>
            <translation>类别图</translation>
        </message>
        <message>
            <source>Map of the errors at the held-out cells</source>
            <translation>留出单元误差图</translation>
        </message>
        <message>
            <source>Map of the predicted values</source>
            <translation>预测值地图</translation>
        </message>
        <message>
            <source>Map of the uncertainty</source>
            <translation>不确定性地图</translation>
        </message>
        <message>
            <source>Map.</source>
            <translation>地图</translation>
        </message>
        <message>
            <source>Mean</source>
            <translation>均值</translation>
        </message>
        <message>
            <source>Mean difference of the distances (m)</source>
            <translation>距离的平均差（米）</translation>
        </message>
        <message>
            <source>Mean or total</source>
            <translation>均值或总和</translation>
        </message>
        <message>
            <source>Mean width</source>
            <translation>平均宽度</translation>
        </message>
        <message>
            <source>Measured cells nearby</source>
            <translation>附近有测量值的单元</translation>
        </message>
        <message>
            <source>Measured cells that it covers</source>
            <translation>覆盖的测量单元</translation>
        </message>
        <message>
            <source>Measured points</source>
            <translation>实测点</translation>
        </message>
        <message>
            <source>Measured points.</source>
            <translation>测量点</translation>
        </message>
        <message>
            <source>Measured value minus prediction in each held-out cell.</source>
            <translation>每个留出单元的测量值减去预测值。</translation>
        </message>
        <message>
            <source>Measuring the distance to '{name}'</source>
            <translation>正在计算到“{name}”的距离</translation>
        </message>
        <message>
            <source>Median</source>
            <translation>中位数</translation>
        </message>
        <message>
            <source>Median distance of held-out cells (m)</source>
            <translation>留出单元的中位距离（米）</translation>
        </message>
        <message>
            <source>Median distance of the map’s cells (m)</source>
            <translation>本图单元的中位距离（米）</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>内存</translation>
        </message>
        <message>
            <source>Memory that a map takes, in GB</source>
            <translation>制图所需内存（GB）</translation>
        </message>
        <message>
            <source>Method</source>
            <translation>方法</translation>
        </message>
        <message>
            <source>Method: Zou et al., Space-aware Socioeconomic Indicator Inference with Heterogeneous Graphs, ACM SIGSPATIAL 2025, arXiv 2405.14135.</source>
            <translation>方法：Zou等，Space-aware Socioeconomic Indicator Inference with Heterogeneous Graphs，ACM SIGSPATIAL 2025，arXiv 2405.14135。</translation>
        </message>
        <message>
            <source>Minimum share of a POI category</source>
            <translation>POI类别的最小比例</translation>
        </message>
        <message>
            <source>Minimum share of a land-cover class</source>
            <translation>土地覆盖类别的最小比例</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>Model file</source>
            <translation>模型文件</translation>
        </message>
        <message>
            <source>Moran’s I = {value}, z = {z}</source>
            <translation>Moran’s I = {value}，z = {z}</translation>
        </message>
        <message>
            <source>Moran’s I of the held-out cells (eight nearest neighbours), compared with values shuffled over the cells.</source>
            <translation>留出单元的Moran’s I（以最近的八个单元为邻居），与将值在单元间随机打乱的结果对比</translation>
        </message>
        <message>
            <source>More about the points</source>
            <translation>点的更多信息</translation>
        </message>
        <message>
            <source>More outputs</source>
            <translation>更多输出</translation>
        </message>
        <message>
            <source>More points where the covariates are known and the value is not, for example the places to predict at. They have the covariates in fields of the same names. The cells there use them. A selection or filter applies.</source>
            <translation>协变量已知而值未知的其他点，例如要预测的位置。其协变量位于同名字段中，供所在单元使用。图层的选择和过滤均有效。</translation>
        </message>
        <message>
            <source>More that is known of the ground</source>
            <translation>地面的更多信息</translation>
        </message>
        <message>
            <source>Moss and lichen</source>
            <translation>苔藓和地衣</translation>
        </message>
        <message>
            <source>Most common class in the cell</source>
            <translation>单元的主要类别</translation>
        </message>
        <message>
            <source>NVIDIA graphics card (CUDA)</source>
            <translation>NVIDIA显卡（CUDA）</translation>
        </message>
        <message>
            <source>Name an encoder file in 'model.pretrained_gnn'.</source>
            <translation>请在“model.pretrained_gnn”中指定编码器文件。</translation>
        </message>
        <message>
            <source>Name one value field; this takes one at a time.</source>
            <translation>请只指定一个数值字段；此处一次只处理一个。</translation>
        </message>
        <message>
            <source>Name the columns of x and y of the table '{path}'; it has: {known}.</source>
            <translation>请指定表“{path}”中 x 和 y 的列；它有：{known}。</translation>
        </message>
        <message>
            <source>Name the target (data.task); the graph has: {known}.</source>
            <translation>请指定目标（data.task）；异构图中有：{known}。</translation>
        </message>
        <message>
            <source>Name the target; the map has: {known}.</source>
            <translation>请指定目标；地图中有：{known}。</translation>
        </message>
        <message>
            <source>Near cells do not share {share} of the variance: a map can tell little, unless land cover or a raster tells more.</source>
            <translation>相邻单元不共有 {share} 的方差：除非土地覆盖或栅格提供更多信息，地图说明不了多少。</translation>
        </message>
        <message>
            <source>Nearest neighbour</source>
            <translation>最近邻</translation>
        </message>
        <message>
            <source>Needed for polygons, and read of them alone. mean: a density, a rate, a concentration. total: a count, such as people, which the cells add up to.</source>
            <translation>多边形必须填写，且只对多边形有效。mean：密度、比率、浓度。total：计数，例如人口，各单元之和等于它。</translation>
        </message>
        <message>
            <source>Neighbouring cells per cell</source>
            <translation>每个单元的相邻单元数</translation>
        </message>
        <message>
            <source>Neither do their errors ({moran}).</source>
            <translation>其误差也没有自相关（{moran}）。</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>网络</translation>
        </message>
        <message>
            <source>Network: dropout</source>
            <translation>网络：dropout（随机丢弃）</translation>
        </message>
        <message>
            <source>Network: epochs without improvement before stopping</source>
            <translation>网络：无改进时停止前的轮数</translation>
        </message>
        <message>
            <source>Network: exactly as published</source>
            <translation>网络：与发表时完全一致</translation>
        </message>
        <message>
            <source>Network: hidden channels</source>
            <translation>网络：隐藏通道数</translation>
        </message>
        <message>
            <source>Network: learning rate</source>
            <translation>网络：学习率</translation>
        </message>
        <message>
            <source>Network: maximum epochs</source>
            <translation>网络：最大轮数</translation>
        </message>
        <message>
            <source>Network: message-passing layers</source>
            <translation>网络：消息传递层数</translation>
        </message>
        <message>
            <source>Network: metric for the best epoch</source>
            <translation>网络：选择最佳轮的指标</translation>
        </message>
        <message>
            <source>Network: normalisation</source>
            <translation>网络：归一化</translation>
        </message>
        <message>
            <source>Network: operator</source>
            <translation>网络：算子</translation>
        </message>
        <message>
            <source>Network: residual layers</source>
            <translation>网络：残差层</translation>
        </message>
        <message>
            <source>Network: use cell coordinates</source>
            <translation>网络：使用单元坐标</translation>
        </message>
        <message>
            <source>Network: validation share for early stopping</source>
            <translation>网络：用于提前停止的验证比例</translation>
        </message>
        <message>
            <source>Network: width of the deep kernel's embedding</source>
            <translation>网络：深度核的嵌入宽度</translation>
        </message>
        <message>
            <source>Network: widths of the output layers</source>
            <translation>网络：输出层的宽度</translation>
        </message>
        <message>
            <source>New points</source>
            <translation>新的点</translation>
        </message>
        <message>
            <source>New points need a value field; set FIELD.</source>
            <translation>新的点需要数值字段；请设置FIELD。</translation>
        </message>
        <message>
            <source>Next: do not use this map yet. Measure at more places, or give rasters of what the value depends on, such as land cover or elevation.</source>
            <translation>下一步：暂不要使用此地图。请在更多地点测量，或提供该值所依赖因素的栅格，例如土地覆盖或高程。</translation>
        </message>
        <message>
            <source>Next: measure where the map is least sure, in the grey area first.</source>
            <translation>下一步：在地图最不确定的地方测量，先测灰色区域。</translation>
        </message>
        <message>
            <source>Next: use kriging instead, or give rasters of what the value depends on.</source>
            <translation>下一步：改用克里金，或提供该值所依赖因素的栅格。</translation>
        </message>
        <message>
            <source>Next: where this is not enough, measure where the map of uncertainty is darkest.</source>
            <translation>下一步：若精度不够，请在不确定性图颜色最深的地方测量。</translation>
        </message>
        <message>
            <source>No NVIDIA card with a working driver was found; choose CPU as the device.</source>
            <translation>未找到驱动正常的NVIDIA显卡；请将设备设为cpu。</translation>
        </message>
        <message>
            <source>No Python 3.10 to 3.13 that can make environments was found; install one from python.org (Debian and Ubuntu: python3-venv), or install uv.</source>
            <translation>未找到能够创建环境的Python 3.10至3.13；请从python.org安装（Debian和Ubuntu：python3-venv），或安装uv。</translation>
        </message>
        <message>
            <source>No cell of {width:g} x {height:g} has its centre in the study area; use a smaller cell size, or check the CRS of the area and the extent.</source>
            <translation>没有任何{width:g}×{height:g}的单元其中心位于研究区内；请使用更小的单元，或检查研究区的CRS和范围。</translation>
        </message>
        <message>
            <source>No cell size was given; {side} is used, which makes {cells:,} cells.</source>
            <translation>未指定单元大小；采用{side}，共{cells:,}个单元。</translation>
        </message>
        <message>
            <source>No cell was held out, so nothing is known of the accuracy.</source>
            <translation>没有留出任何单元，因此精度未知。</translation>
        </message>
        <message>
            <source>No cells were held out, so the accuracy of this prediction is unknown.</source>
            <translation>没有留出单元，因此无法知道预测与真值相差多少。</translation>
        </message>
        <message>
            <source>No city was named; set data.city.</source>
            <translation>未指定城市；请设置data.city。</translation>
        </message>
        <message>
            <source>No file can have the name '{path}' ({reason}); give the output another.</source>
            <translation>文件不能使用名称“{path}”（{reason}）；请为该输出另取名称。</translation>
        </message>
        <message>
            <source>No map can be made yet: {reason}</source>
            <translation>还不能制图：{reason}</translation>
        </message>
        <message>
            <source>No method beat {name} on {where}: its RMSE was {other}, GeoHG had {own}, {share:.1f} % more.</source>
            <translation>在{where}上，没有方法优于{name}：其RMSE为{other}，GeoHG为{own}，高{share:.1f}%。</translation>
        </message>
        <message>
            <source>No method beat {name} on {where}: its RMSE was {other}, GeoHG had {own}.</source>
            <translation>在{where}上，没有方法优于{name}：其RMSE为{other}，GeoHG为{own}。</translation>
        </message>
        <message>
            <source>No method could be shown to have skill on {where}: the best, {name}, had an RMSE of {own}, against {other} for the mean of the training cells. It may explain up to {upper:.0f} % of the variance.</source>
            <translation>在{where}上未能证明任何方法有预测能力：最好的{name}的 RMSE 为 {own}，训练单元均值的 RMSE 为 {other}。它至多可能解释 {upper:.0f} % 的方差。</translation>
        </message>
        <message>
            <source>No method has skill on {where}: the best, {name}, had an RMSE of {own}, against {other} for the mean of the training cells.</source>
            <translation>在{where}上，没有方法具备预测能力：最好的{name}的RMSE为{own}，训练单元的均值为{other}。</translation>
        </message>
        <message>
            <source>No point can be transformed to the grid's CRS, '{crs}'.</source>
            <translation>没有点能转换到格网的坐标系“{crs}”。</translation>
        </message>
        <message>
            <source>No polygon of '{kind}' has a name and an area; check the column.</source>
            <translation>“{kind}”中没有既有名称又有面积的多边形；请检查字段。</translation>
        </message>
        <message>
            <source>No value field was given; name the field to interpolate.</source>
            <translation>未指定数值字段；请指定要插值的字段。</translation>
        </message>
        <message>
            <source>Nodes and links of the graph.</source>
            <translation>异构图的节点与连接</translation>
        </message>
        <message>
            <source>Nominal against observed coverage of the intervals</source>
            <translation>区间的名义覆盖率与实际覆盖率</translation>
        </message>
        <message>
            <source>None of '{kind}' lies in the cells of the map; check its CRS.</source>
            <translation>“{kind}”没有一个落在地图的单元中；请检查其 CRS。</translation>
        </message>
        <message>
            <source>None of the {count} POIs has a position and a category in '{category}'.</source>
            <translation>{count}个POI都没有位置以及“{category}”中的类别。</translation>
        </message>
        <message>
            <source>None of the {count} POIs lies inside the grid with a category in '{category}'; check their CRS and the extent.</source>
            <translation>{count}个POI都不在格网内或在“{category}”中没有类别；请检查其CRS和范围。</translation>
        </message>
        <message>
            <source>None of the {count} points has a class in '{field}'; choose another field.</source>
            <translation>{count} 个点在“{field}”中都没有类别；请选择其他字段。</translation>
        </message>
        <message>
            <source>None of the {count} points has a position and a value in '{fields}'; choose a field with numbers.</source>
            <translation>{count}个点都没有位置以及“{fields}”中的值；请选择数值字段。</translation>
        </message>
        <message>
            <source>None of the {count} points lies in a cell of the study area; check the CRS of both, and that they are of the same place.</source>
            <translation>{count}个点都不在研究区的单元内；请检查两者的CRS，并确认它们位于同一地方。</translation>
        </message>
        <message>
            <source>None of the {count} positions of {owner} lies in the extent, but {inside} would if x and y were exchanged; give the longitude or easting as x.</source>
            <translation>{owner}的{count}个位置都不在范围内，但若交换x和y则有{inside}个在内；请将经度或东坐标作为x。</translation>
        </message>
        <message>
            <source>Northing</source>
            <translation>北向坐标</translation>
        </message>
        <message>
            <source>Not at all</source>
            <translation>不保持</translation>
        </message>
        <message>
            <source>Not used, as left-out cells are not predicted clearly better: {names}.</source>
            <translation>未使用，因为留出单元的预测没有明显变好：{names}。</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>备注</translation>
        </message>
        <message>
            <source>Nothing is held out, so there is nothing to compare; set training.masked_ratio, or the validation kfold.</source>
            <translation>没有留出任何单元，因此无从比较；请设置training.masked_ratio，或将验证方式设为kfold。</translation>
        </message>
        <message>
            <source>Number of CPU threads; 0 lets the libraries choose.</source>
            <translation>使用的CPU线程数；0表示由程序库决定。</translation>
        </message>
        <message>
            <source>Number of POIs</source>
            <translation>POI数</translation>
        </message>
        <message>
            <source>Number of cells</source>
            <translation>单元数</translation>
        </message>
        <message>
            <source>Number of cells compared with each other in one step. More cells need more memory.</source>
            <translation>每一步中相互比较的单元数；越多所需内存越大。</translation>
        </message>
        <message>
            <source>Number of cells with the most similar features, anywhere, whose embedding should be similar to the cell's.</source>
            <translation>嵌入应与该单元相似的、特征最相似的单元的个数，不论其位置。</translation>
        </message>
        <message>
            <source>Number of classes</source>
            <translation>类别数</translation>
        </message>
        <message>
            <source>Number of embedding values per cell that the Gaussian process of deepkernel reads.</source>
            <translation>deepkernel模型的高斯过程为每个单元读取多少个数。</translation>
        </message>
        <message>
            <source>Number of folds of the validations kfold and groups.</source>
            <translation>kfold和groups验证方式的折数。</translation>
        </message>
        <message>
            <source>Number of graph neighbours whose embedding should be similar to the cell's.</source>
            <translation>嵌入应与该单元相似的图中相邻单元的个数。</translation>
        </message>
        <message>
            <source>Number of held-out points</source>
            <translation>留出的点数</translation>
        </message>
        <message>
            <source>Number of layers in the model gnn: with 3, a cell uses information up to 3 links away.</source>
            <translation>模型gnn的层数：为3时，单元使用3个连接以内的信息。</translation>
        </message>
        <message>
            <source>Number of observed cells</source>
            <translation>有观测值的单元数</translation>
        </message>
        <message>
            <source>Number of passes over all cells. More can improve the encoder but takes longer.</source>
            <translation>遍历所有单元的次数；越多可能使编码器更好，用时也越长。</translation>
        </message>
        <message>
            <source>Number of points left out</source>
            <translation>舍去的点数</translation>
        </message>
        <message>
            <source>Number of points with a value</source>
            <translation>有数值的点数</translation>
        </message>
        <message>
            <source>Number of polygons</source>
            <translation>多边形数量</translation>
        </message>
        <message>
            <source>Number of processes of this machine that make the blocks of a large map; 0 takes the number set in the options of QGIS, and if there is none, makes them in the engine's own process.</source>
            <translation>计算大型地图各区块的本机进程数；0 表示采用 QGIS 选项中设置的数量，若未设置，则在引擎自身的进程中计算。</translation>
        </message>
        <message>
            <source>Number of simulations</source>
            <translation>模拟数量</translation>
        </message>
        <message>
            <source>Number of test cells</source>
            <translation>测试单元数</translation>
        </message>
        <message>
            <source>Number of things worth a look</source>
            <translation>值得一看之处的数量</translation>
        </message>
        <message>
            <source>Numbers and texts</source>
            <translation>数字与文本</translation>
        </message>
        <message>
            <source>Observed</source>
            <translation>观测值</translation>
        </message>
        <message>
            <source>Observed against predicted values</source>
            <translation>观测值与预测值</translation>
        </message>
        <message>
            <source>Observed against predicted values of the held-out cells. On the line, both are equal; bars are intervals.</source>
            <translation>留出单元的观测值与预测值。位于线上时两者相等；短线表示区间。</translation>
        </message>
        <message>
            <source>Observed and predicted values must be finite; drop the others first.</source>
            <translation>观测值和预测值必须是有限值；请先去掉其他值。</translation>
        </message>
        <message>
            <source>Observed and predicted values must be two lists of the same length, got shapes {observed} and {predicted}.</source>
            <translation>观测值和预测值必须是长度相同的两个列表，当前形状为{observed}和{predicted}。</translation>
        </message>
        <message>
            <source>Observed coverage and mean width of the intervals at each level. On the line, coverage equals the level. For this many independent cells, 95 % of results would lie in the grey band.</source>
            <translation>各水平区间的实际覆盖率和平均宽度。在线上时，覆盖率等于设定的水平。对于这么多相互独立的单元，95%的结果会落在灰色带内。</translation>
        </message>
        <message>
            <source>Observed minus predicted values at the held-out cells: red where the prediction is too low, blue where it is too high.</source>
            <translation>留出单元的观测值减预测值：红色表示预测偏低，蓝色表示预测偏高。</translation>
        </message>
        <message>
            <source>Observed values</source>
            <translation>观测值</translation>
        </message>
        <message>
            <source>Observed {label}</source>
            <translation>{label}的观测值</translation>
        </message>
        <message>
            <source>On held-out spatial blocks: RMSE {rmse}{unit}, R² {r2}.</source>
            <translation>在留出的空间分块上：RMSE {rmse}{unit}，R² {r2}。</translation>
        </message>
        <message>
            <source>On {TEST_CELLS} test cells: RMSE {RMSE:.4g} (inverse distance weighting {IDW_RMSE:.4g}), R2 {R2:.3f} ({IDW_R2:.3f}).</source>
            <translation>在{TEST_CELLS}个测试单元上：RMSE {RMSE:.4g}（反距离加权{IDW_RMSE:.4g}），R2 {R2:.3f}（{IDW_R2:.3f}）。</translation>
        </message>
        <message>
            <source>On {cells} held-out cells: RMSE {rmse}{unit}, R² {r2}.</source>
            <translation>在{cells}个留出单元上：RMSE {rmse}{unit}，R² {r2}。</translation>
        </message>
        <message>
            <source>On {where} GeoHG and {name} had the same RMSE, {own}.</source>
            <translation>在{where}上，GeoHG与{name}的RMSE相同，均为{own}。</translation>
        </message>
        <message>
            <source>On {where} GeoHG had an RMSE of {reached}; no other method was compared.</source>
            <translation>在{where}上，GeoHG的RMSE为{reached}；没有运行其他方法作对比。</translation>
        </message>
        <message>
            <source>On {where} GeoHG had the lowest RMSE: {own}, {share:.1f} % below {name} ({other}).</source>
            <translation>在{where}上，GeoHG的RMSE最低：{own}，比{name}（{other}）低{share:.1f}%。</translation>
        </message>
        <message>
            <source>On {where} GeoHG had the lowest RMSE: {own}; {name} had {other}.</source>
            <translation>在{where}上，GeoHG的RMSE最低：{own}；{name}为{other}。</translation>
        </message>
        <message>
            <source>On {where} a few large values decide the RMSE, which does not show that GeoHG is better than the mean of the training cells ({own} against {other}). On the model’s scale its R² is {r2}; its rank correlation is {rank}, and its MAE {share:.0f} % of that of the mean.</source>
            <translation>在{where}上，少数很大的值决定了 RMSE，因此 RMSE 不能表明 GeoHG 优于训练单元的均值（{own} 对 {other}）。在模型尺度上，其 R² 为 {r2}；秩相关系数为 {rank}，平均绝对误差为均值的 {share:.0f} %。</translation>
        </message>
        <message>
            <source>On {where} {name} had the lowest RMSE: {other}; GeoHG had {own}, {share:.1f} % more.</source>
            <translation>在{where}上，{name}的RMSE最低：{other}；GeoHG为{own}，高{share:.1f}%。</translation>
        </message>
        <message>
            <source>On {where} {name} had the lowest RMSE: {other}; GeoHG had {own}.</source>
            <translation>在{where}上，{name}的RMSE最低：{other}；GeoHG为{own}。</translation>
        </message>
        <message>
            <source>Only {cells} cells have a measured value, at least {least} are needed; add points or make the cells smaller.</source>
            <translation>只有{cells}个单元有测量值，至少需要{least}个；请增加点或减小单元。</translation>
        </message>
        <message>
            <source>Only {count} cells have a measurement: expect wide intervals.</source>
            <translation>只有 {count} 个单元有测量值：区间会很宽。</translation>
        </message>
        <message>
            <source>Only {count} polygons have values, so none is held out to test the map.</source>
            <translation>只有 {count} 个多边形有值，因此没有留出多边形来检验地图。</translation>
        </message>
        <message>
            <source>Open the example project</source>
            <translation>打开示例工程</translation>
        </message>
        <message>
            <source>Options must be sections such as 'training', each with its options, got {value}.</source>
            <translation>选项必须是“training”之类的节，各含其选项，当前为{value}。</translation>
        </message>
        <message>
            <source>Ordinary kriging</source>
            <translation>普通克里金</translation>
        </message>
        <message>
            <source>Other class rasters</source>
            <translation>其他分类栅格</translation>
        </message>
        <message>
            <source>Other values measured at the points, such as elevation. Kriging estimates them between the points. They help if they vary smoothly and many points have them; otherwise they can mislead. Give what is known everywhere as land cover instead. Networks read only covariates that most cells have.</source>
            <translation>在点上测得的其他数值，例如高程。点与点之间的值由克里金推算，因此在其变化平缓且许多点都有值时有帮助，在其他地方可能产生误导；处处已知的信息更适合以土地覆盖的形式提供。网络只读取大多数单元都有的协变量。</translation>
        </message>
        <message>
            <source>Overall accuracy</source>
            <translation>总体精度</translation>
        </message>
        <message>
            <source>Overall accuracy in the held-out blocks</source>
            <translation>留出分块上的总体精度</translation>
        </message>
        <message>
            <source>Overall accuracy of the nearest neighbour on the same points</source>
            <translation>最近邻在相同点上的总体精度</translation>
        </message>
        <message>
            <source>Overall accuracy of the nearest neighbour there</source>
            <translation>最近邻在这些分块上的总体精度</translation>
        </message>
        <message>
            <source>Overall accuracy of the random forest on the same points</source>
            <translation>随机森林在相同点上的总体精度</translation>
        </message>
        <message>
            <source>Overall accuracy of the random forest there</source>
            <translation>随机森林在这些分块上的总体精度</translation>
        </message>
        <message>
            <source>Overall accuracy on the held-out points</source>
            <translation>留出点上的总体精度</translation>
        </message>
        <message>
            <source>Overall accuracy: the share of held-out points whose class is that of the map. Cohen’s kappa: what of it is beyond chance, 1 for a perfect map and 0 for one that knows only how common each class is. Log loss: the mean negative natural logarithm of the probability of the class that was found; less is better; the nearest neighbour gives no probabilities. Brier score: the mean squared error of the probabilities, summed over the classes, 0 to 2; less is better.</source>
            <translation>总体精度：留出的点中，类别与地图一致的比例。Cohen kappa：超出偶然一致的部分，完美的地图为 1，只知道各类别多常见的为 0。对数损失：实际类别的概率的负自然对数的平均，越小越好；最近邻不给出概率。Brier 评分：概率的均方误差，对各类别求和，0 到 2，越小越好。</translation>
        </message>
        <message>
            <source>POI categories</source>
            <translation>POI类别</translation>
        </message>
        <message>
            <source>POI categories only</source>
            <translation>仅POI类别</translation>
        </message>
        <message>
            <source>POI category field</source>
            <translation>POI的类别字段</translation>
        </message>
        <message>
            <source>POIs</source>
            <translation>POI（兴趣点）</translation>
        </message>
        <message>
            <source>PREDICT_AT has points where the covariates are known too, and no covariates are named; set COVARIATES, or leave PREDICT_AT empty.</source>
            <translation>PREDICT_AT 是协变量同样已知的点，但没有指定协变量；请设置 COVARIATES，或将 PREDICT_AT 留空。</translation>
        </message>
        <message>
            <source>Packages of the engine</source>
            <translation>引擎的软件包</translation>
        </message>
        <message>
            <source>Permanent water bodies</source>
            <translation>永久水体</translation>
        </message>
        <message>
            <source>Picture of the map</source>
            <translation>地图图片</translation>
        </message>
        <message>
            <source>Places must have shape (N, 2), got {shape}.</source>
            <translation>位置的形状必须为(N, 2)，当前为{shape}。</translation>
        </message>
        <message>
            <source>Points</source>
            <translation>点</translation>
        </message>
        <message>
            <source>Points at the position of another</source>
            <translation>与其他点位置相同的点</translation>
        </message>
        <message>
            <source>Points beside polygons have values of the place, which no total of cells has; give densities as means, or leave out the points.</source>
            <translation>与多边形并用的点的值属于该地点，与像元总和不同；请把密度作为均值给出，或去掉这些点。</translation>
        </message>
        <message>
            <source>Points beside the polygons</source>
            <translation>与多边形并用的点</translation>
        </message>
        <message>
            <source>Points left out</source>
            <translation>被排除的点数</translation>
        </message>
        <message>
            <source>Points of interest, each of one category. A selection or filter applies.</source>
            <translation>兴趣点，每个属于一个类别。图层的选择和过滤均有效。</translation>
        </message>
        <message>
            <source>Points or polygons</source>
            <translation>点或多边形</translation>
        </message>
        <message>
            <source>Points read</source>
            <translation>读取的点数</translation>
        </message>
        <message>
            <source>Points used</source>
            <translation>使用的点数</translation>
        </message>
        <message>
            <source>Points where the same quantity was measured, beside polygons whose values are means. They have it in a field of the same name. A selection or filter applies.</source>
            <translation>测得同一量的点，与值为均值的多边形并用。其字段名相同。选择或过滤有效。</translation>
        </message>
        <message>
            <source>Points where the value was measured. A selection or filter applies.</source>
            <translation>有实测值的地点。图层的选择和过滤均有效。</translation>
        </message>
        <message>
            <source>Points where the value was measured; or polygons such as districts, whose value is the mean or the total of their cells. A selection or filter applies.</source>
            <translation>测得该值的点；或多边形（如行政区），其值是像元的均值或总和。选择或过滤有效。</translation>
        </message>
        <message>
            <source>Points with covariates only</source>
            <translation>仅有协变量的点</translation>
        </message>
        <message>
            <source>Points with the same value in this field, for example from one site or survey, are held out together by the validation groups.</source>
            <translation>此字段值相同的点（例如同一站点或同一次调查）在groups验证方式中一起留出。</translation>
        </message>
        <message>
            <source>Points with values measured after training. The model is tested on the cells that contain them, not on the graph's held-out cells. A selection or filter applies.</source>
            <translation>后来测得数值的点，用于检验模型，以代替异构图中模型拟合时未使用的单元。图层的选择和过滤均有效。</translation>
        </message>
        <message>
            <source>Points, lines or polygons, for example roads, rivers, a coast or factories. The distance from each cell to the nearest feature of a layer is a covariate. Features outside the grid count too. The filter of a layer applies; a selection does not.</source>
            <translation>点、线或面，例如道路、河流、海岸或工厂。每个单元到图层中最近要素的距离作为一个协变量。格网以外的要素也计算在内。图层的过滤有效，选择无效。</translation>
        </message>
        <message>
            <source>Points.</source>
            <translation>点</translation>
        </message>
        <message>
            <source>Polygons</source>
            <translation>多边形</translation>
        </message>
        <message>
            <source>Polygons such as municipalities, fields or watersheds. They may overlap. Their fields are kept. A selection or filter applies.</source>
            <translation>多边形，例如市镇、地块或流域。它们可以重叠。其字段会保留。所选要素或筛选条件有效。</translation>
        </message>
        <message>
            <source>Polygons that divide the ground into zones, for example districts, watersheds or soil units. Cells of one zone tell of each other, however far apart they are. A selection or filter applies.</source>
            <translation>把地面划分为分区的面，例如行政区、流域或土壤单元。同一分区的单元无论相距多远都能互相提供信息。图层的选择和过滤均有效。</translation>
        </message>
        <message>
            <source>Polygons with a value</source>
            <translation>有数值的多边形</translation>
        </message>
        <message>
            <source>Polygons with values have no groups; set 'training.validation' to auto: whole polygons are held out.</source>
            <translation>带值的多边形没有分组；请把“training.validation”设为 auto：会留出整个多边形。</translation>
        </message>
        <message>
            <source>Polygons. Only cells whose centre lies inside are mapped; points in other cells are left out. A selection or filter applies.</source>
            <translation>多边形：只对中心位于其中的单元制图，位于其外的点会被排除。图层的选择和过滤均有效。</translation>
        </message>
        <message>
            <source>Positions</source>
            <translation>位置数</translation>
        </message>
        <message>
            <source>Positions in the CRS '{one}' cannot be transformed to the CRS '{other}'; give the raster or the grid another CRS.</source>
            <translation>坐标参考系“{one}”中的位置无法转换到坐标参考系“{other}”；请为栅格或网格指定其他坐标参考系。</translation>
        </message>
        <message>
            <source>Predict</source>
            <translation>预测</translation>
        </message>
        <message>
            <source>Predict the held-out cells</source>
            <translation>预测留出的单元</translation>
        </message>
        <message>
            <source>Predicted by GeoHG, model {model}, seed {seed}.</source>
            <translation>由GeoHG预测，模型{model}，种子{seed}。</translation>
        </message>
        <message>
            <source>Predicted probability (%)</source>
            <translation>预测概率（%）</translation>
        </message>
        <message>
            <source>Predicted probability against the share that exceeded</source>
            <translation>预测概率与实际超过的比例</translation>
        </message>
        <message>
            <source>Predicted value</source>
            <translation>预测的值</translation>
        </message>
        <message>
            <source>Predicted {label}</source>
            <translation>{label}的预测值</translation>
        </message>
        <message>
            <source>Predicting</source>
            <translation>正在预测</translation>
        </message>
        <message>
            <source>Predicting by trees</source>
            <translation>正在用树模型预测</translation>
        </message>
        <message>
            <source>Predicting cells together</source>
            <translation>正在联合预测像元</translation>
        </message>
        <message>
            <source>Predicting observed cells without their value</source>
            <translation>正在预测不使用自身值的有观测值单元</translation>
        </message>
        <message>
            <source>Prediction</source>
            <translation>预测值</translation>
        </message>
        <message>
            <source>Prediction errors</source>
            <translation>预测误差</translation>
        </message>
        <message>
            <source>Prediction of {target} for every cell. Colours span the middle 96 % of the values, between round numbers.</source>
            <translation>每个单元的{target}预测值。颜色覆盖中间 96 % 的值，两端取整数刻度。</translation>
        </message>
        <message>
            <source>Predicts a class, such as a type of soil, for every cell from points.</source>
            <translation>根据点预测每个单元的类别，例如土壤类型。</translation>
        </message>
        <message>
            <source>Predicts a value for every cell from points, land cover and POIs.</source>
            <translation>根据点、土地覆盖和POI预测每个格网单元的值。</translation>
        </message>
        <message>
            <source>Predicts a value for every cell of a grid from points with measured values and from land cover. The grid becomes a graph of cells, land-cover classes and POI categories; the model learns from the observed cells.

For validation, some observed cells are held out, once at random and once in spatial blocks. The report compares the prediction there with inverse distance weighting and kriging. The model for the final map uses all observed cells.

Polygons such as districts may stand where points do: their values are the means or the totals of their cells.</source>
            <translation>根据零散的点及其周围的土地覆盖，预测格网中每个单元的值。格网被转换为由格网单元、土地覆盖类别和POI类别组成的异构图；模型从有观测值的单元学习。

一部分有观测值的单元会被留出，一次为随机留出，一次为整块留出：报告在这些单元上将预测与反距离加权和克里金法对比。地图本身由使用全部有观测值单元学习的模型生成。

点的位置也可以用多边形（如行政区）：其值是像元的均值或总和。</translation>
        </message>
        <message>
            <source>Predicts a value for every cell with a model file. Give either a graph file, of the training or with the same classes and categories, or the layers of the training, by the same names, of the same place or of another: land cover, rasters, POIs, zones and distance layers. Large maps of layers are made in blocks. Cells without a grid, such as districts or stations, give a layer of the cells and no raster.

Of a model file from Map classes of points, the prediction is the map of classes; it has the probability of each class and the area of applicability beside it, and no other outputs.</source>
            <translation>用模型文件预测每个单元的值。请给出图文件（训练时的，或类别相同的），或者训练时的图层（名称相同，同一地点或其他地点）：土地覆盖、栅格、兴趣点、分区和距离图层。由图层制作的大图分块完成。没有网格的单元（如行政区或站点）给出单元图层，而没有栅格。

对于“绘制点的类别图”生成的模型文件，预测结果就是类别图；另有各类别的概率和适用范围，没有其他输出。</translation>
        </message>
        <message>
            <source>Predicts a value, or a class, for every cell with a trained model.</source>
            <translation>用训练好的模型预测每个单元的值或类别。</translation>
        </message>
        <message>
            <source>Predicts the class of every cell of a grid, such as the type of soil or of land use, from points where it was found and from what is known of the ground. Each class gets its probability in every cell; the map shows the likeliest.

For validation, some cells with points are held out, once at random and once in spatial blocks. The report has the confusion matrix, the overall accuracy and Cohen's kappa, and compares them with those of the nearest measured cell and of a random forest on the same cells. Several points in a cell count for each class by its share.</source>
            <translation>根据发现某类别的点和地面的已知信息，预测网格中每个单元的类别，例如土壤类型或土地利用类型。每个类别在每个单元都有概率；地图显示最可能的类别。

验证时留出部分有点的单元，一次随机，一次按空间分块。报告给出混淆矩阵、总体精度和 Cohen kappa，并与最近测量单元和随机森林在相同单元上的结果比较。一个单元内的多个点按各类别所占比例计。</translation>
        </message>
        <message>
            <source>Pretrain encoder</source>
            <translation>预训练编码器</translation>
        </message>
        <message>
            <source>Pretrain, then fine-tune</source>
            <translation>预训练并微调</translation>
        </message>
        <message>
            <source>Pretraining diverged at epoch {epoch}; use a smaller 'ssl.lr' or a larger 'ssl.temperature'.</source>
            <translation>预训练在第{epoch}轮发散；请使用更小的“ssl.lr”或更大的“ssl.temperature”。</translation>
        </message>
        <message>
            <source>Pretraining, epoch {epoch}</source>
            <translation>正在预训练，第{epoch}轮</translation>
        </message>
        <message>
            <source>Probability of another class</source>
            <translation>为其他类别的概率</translation>
        </message>
        <message>
            <source>Probability of each class</source>
            <translation>各类别的概率</translation>
        </message>
        <message>
            <source>Probability of exceeding thresholds</source>
            <translation>超过阈值的概率</translation>
        </message>
        <message>
            <source>Probability of exceeding {limit}: on held-out cells it was off by {error:.3f} on average; its Brier score is {brier:.3f}, that of the base rate {base:.3f} (lower is better).</source>
            <translation>超过 {limit} 的概率：在保留像元上平均偏差 {error:.3f}；Brier 评分为 {brier:.3f}，基准频率的评分为 {base:.3f}（越低越好）。</translation>
        </message>
        <message>
            <source>Processes that make a large map</source>
            <translation>计算大型地图的进程数</translation>
        </message>
        <message>
            <source>Profile</source>
            <translation>配置文件夹</translation>
        </message>
        <message>
            <source>Program</source>
            <translation>程序</translation>
        </message>
        <message>
            <source>Propagating features</source>
            <translation>正在传播特征</translation>
        </message>
        <message>
            <source>Published maps made with ESA WorldCover must credit it: © ESA WorldCover project, contains modified Copernicus Sentinel data, CC BY 4.0.</source>
            <translation>展示使用ESA WorldCover制作的地图时须注明：© ESA WorldCover project, contains modified Copernicus Sentinel data, CC BY 4.0。</translation>
        </message>
        <message>
            <source>Python of QGIS</source>
            <translation>QGIS的Python</translation>
        </message>
        <message>
            <source>Python of the engine</source>
            <translation>引擎的Python</translation>
        </message>
        <message>
            <source>Python to make it from</source>
            <translation>用于创建环境的Python</translation>
        </message>
        <message>
            <source>Pythons considered for the engine</source>
            <translation>为引擎查看过的Python</translation>
        </message>
        <message>
            <source>QGIS</source>
            <translation>QGIS</translation>
        </message>
        <message>
            <source>QGIS gives no details</source>
            <translation>QGIS未给出更多信息</translation>
        </message>
        <message>
            <source>Quantiles</source>
            <translation>分位数</translation>
        </message>
        <message>
            <source>Quantity</source>
            <translation>数量</translation>
        </message>
        <message>
            <source>Quantity measured at the points</source>
            <translation>在点上测量的数量</translation>
        </message>
        <message>
            <source>R2 in the unit of the value, on the test cells</source>
            <translation>测试单元上以数值单位计的 R2</translation>
        </message>
        <message>
            <source>R2 of inverse distance weighting on the same blocks</source>
            <translation>反距离加权在相同分块上的R2</translation>
        </message>
        <message>
            <source>R2 of inverse distance weighting on the same cells</source>
            <translation>反距离加权在相同单元上的R2</translation>
        </message>
        <message>
            <source>R2 of ordinary kriging on the same blocks</source>
            <translation>普通克里金在相同分块上的R2</translation>
        </message>
        <message>
            <source>R2 of ordinary kriging on the same cells</source>
            <translation>普通克里金在相同单元上的R2</translation>
        </message>
        <message>
            <source>R2 of the random forest on the same blocks</source>
            <translation>随机森林在相同分块上的R2</translation>
        </message>
        <message>
            <source>R2 of the random forest on the same cells</source>
            <translation>随机森林在相同单元上的R2</translation>
        </message>
        <message>
            <source>R2 on the held-out blocks</source>
            <translation>留出分块上的R2</translation>
        </message>
        <message>
            <source>R2 on the model's scale, on the test cells</source>
            <translation>测试单元上模型尺度的 R2</translation>
        </message>
        <message>
            <source>R2 on the test cells</source>
            <translation>测试单元上的R2</translation>
        </message>
        <message>
            <source>R2 on training cells predicted without their own value</source>
            <translation>不用自身数值预测的训练单元上的 R2</translation>
        </message>
        <message>
            <source>R2 to expect in the map's cells without measurements</source>
            <translation>本图没有测量值的单元中的预期 R2</translation>
        </message>
        <message>
            <source>RMSE / SD</source>
            <translation>RMSE / SD</translation>
        </message>
        <message>
            <source>RMSE in the unit of the value, on the test cells</source>
            <translation>测试单元上以数值单位计的 RMSE</translation>
        </message>
        <message>
            <source>RMSE of IDW</source>
            <translation>反距离加权的 RMSE</translation>
        </message>
        <message>
            <source>RMSE of held-out cells by distance to the nearest training cell.</source>
            <translation>留出单元的RMSE随到最近训练单元的距离的变化。</translation>
        </message>
        <message>
            <source>RMSE of inverse distance weighting on the same blocks</source>
            <translation>反距离加权在相同分块上的RMSE</translation>
        </message>
        <message>
            <source>RMSE of inverse distance weighting on the same cells</source>
            <translation>反距离加权在相同单元上的RMSE</translation>
        </message>
        <message>
            <source>RMSE of kriging</source>
            <translation>克里金的 RMSE</translation>
        </message>
        <message>
            <source>RMSE of ordinary kriging on the same blocks</source>
            <translation>普通克里金在相同分块上的RMSE</translation>
        </message>
        <message>
            <source>RMSE of ordinary kriging on the same cells</source>
            <translation>普通克里金在相同单元上的RMSE</translation>
        </message>
        <message>
            <source>RMSE of the random forest on the same blocks</source>
            <translation>随机森林在相同分块上的RMSE</translation>
        </message>
        <message>
            <source>RMSE of the random forest on the same cells</source>
            <translation>随机森林在相同单元上的RMSE</translation>
        </message>
        <message>
            <source>RMSE on the held-out blocks</source>
            <translation>留出分块上的RMSE</translation>
        </message>
        <message>
            <source>RMSE on the test cells</source>
            <translation>测试单元上的RMSE</translation>
        </message>
        <message>
            <source>RMSE to expect in the map's cells without measurements</source>
            <translation>本图没有测量值的单元中的预期 RMSE</translation>
        </message>
        <message>
            <source>Random cells</source>
            <translation>随机单元</translation>
        </message>
        <message>
            <source>Random forest</source>
            <translation>随机森林</translation>
        </message>
        <message>
            <source>Random held-out cells lie between cells with measurements, held-out blocks away from them</source>
            <translation>随机留出的单元位于有测量值的单元之间，分块中的单元则远离它们</translation>
        </message>
        <message>
            <source>Random held-out cells lie between cells with measurements; held-out blocks lie away from them. The first table shows how well gaps between measurements are filled, the second how well the map predicts beyond them. The larger the difference, the less reliable the map is far from measurements.</source>
            <translation>随机留出的单元位于有测量值的单元之间；留出分块中的单元则远离它们。第一个表说明测量值之间的空隙填补得如何，第二个表说明地图能向外延伸多远：两者差异越大，在远离测量值之处就越不应信任该地图。</translation>
        </message>
        <message>
            <source>Random seed of the simulations</source>
            <translation>模拟的随机种子</translation>
        </message>
        <message>
            <source>Range of the variogram</source>
            <translation>变异函数的变程</translation>
        </message>
        <message>
            <source>Range of the variogram in metres</source>
            <translation>变异函数的变程（米）</translation>
        </message>
        <message>
            <source>Rank correlation</source>
            <translation>秩相关系数</translation>
        </message>
        <message>
            <source>Rank correlation on the test cells</source>
            <translation>测试单元上的秩相关系数</translation>
        </message>
        <message>
            <source>Rasters of classes, such as ESA WorldCover; several are read as tiles of one map. CRS and resolution may differ from the grid's. Layers that are not files, such as WCS, are first copied within the grid.</source>
            <translation>分类栅格，例如ESA WorldCover；多个栅格视为同一数据的分幅。其CRS和分辨率可与格网不同。不是文件的图层（例如WCS图层）会先复制格网所在的部分。</translation>
        </message>
        <message>
            <source>Rasters of other classes than land cover, for example soil types or geology, with the classes in the first band. Each layer is a classification of its own, named after the layer; layers with the same name are read as tiles of one map.</source>
            <translation>土地覆盖以外的分类栅格，例如土壤类型或地质，类别在第一波段。每个图层是一种独立的分类，以图层名命名；同名图层按同一幅图的分幅读取。</translation>
        </message>
        <message>
            <source>Rasters of quantities that are known everywhere and vary with the value, for example elevation, NDVI, rain or night light. Each band is one covariate; layers with the same name are read as tiles of one raster. CRS and resolution may differ from the grid's. Classes belong in Land cover or Other class rasters.</source>
            <translation>处处已知且与待预测值相关的量的栅格，例如高程、NDVI、降水或夜间灯光。每个波段是一个协变量；同名图层按同一栅格的分幅读取。CRS 和分辨率可与格网不同。类别数据应放在“土地覆盖”或“其他分类栅格”中。</translation>
        </message>
        <message>
            <source>Rasters of satellite embeddings that are stored as whole numbers from -127 to 127, for example AlphaEarth's; they are turned back into decimal numbers. Give embeddings with decimal numbers as covariate rasters.</source>
            <translation>以 -127 到 127 的整数存储的卫星嵌入栅格，例如 AlphaEarth 的嵌入；读取时会还原为小数。以小数存储的嵌入请作为协变量栅格给出。</translation>
        </message>
        <message>
            <source>Read and build the graph</source>
            <translation>读取并构建异构图</translation>
        </message>
        <message>
            <source>Read the graph</source>
            <translation>读取异构图</translation>
        </message>
        <message>
            <source>Read the model and the graph</source>
            <translation>读取模型和异构图</translation>
        </message>
        <message>
            <source>Reading the layers</source>
            <translation>正在读取图层</translation>
        </message>
        <message>
            <source>Reading what surrounds measured cells</source>
            <translation>读取有测量值的单元周围的信息</translation>
        </message>
        <message>
            <source>Reading {city}</source>
            <translation>正在读取{city}</translation>
        </message>
        <message>
            <source>Reads the text files as the paper's code does, without correcting errors, for comparison.</source>
            <translation>按论文代码的方式读取文本文件（包括其中的错误），用于对比。</translation>
        </message>
        <message>
            <source>Reads what Interpolate would read, and fits nothing. The page tells how many points there are and which are doubtful: without a position or a value, at the position of another, far from all others, or with a code such as -9999; whether the CRS can be right; what each raster is taken for and how much it covers; which cell size suits the points; how skewed the values are, and how far they are alike; and how much time and memory a map takes.

What would stop Interpolate is told in one sentence.</source>
            <translation>读取“插值”会读取的内容，不拟合任何模型。网页说明有多少个点、哪些可疑：没有位置或数值、与其他点位置相同、远离所有其他点，或带有 -9999 之类的代码；坐标系是否可能正确；每个栅格被当作什么、覆盖多少；多大的单元适合这些点；数值有多偏斜、在多远内相似；以及制图需要多少时间和内存。

会使“插值”停止的原因用一句话说明。</translation>
        </message>
        <message>
            <source>Reliability on held-out cells: of the cells with about this probability of exceeding a threshold, the share that did. On the line, probabilities are right.</source>
            <translation>保留像元上的可靠性：在超过阈值的概率约为该值的像元中，实际超过的比例。位于线上表示概率正确。</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>报告</translation>
        </message>
        <message>
            <source>Report as JSON</source>
            <translation>JSON格式报告</translation>
        </message>
        <message>
            <source>Report as text</source>
            <translation>文本格式报告</translation>
        </message>
        <message>
            <source>Residual of {label}</source>
            <translation>{label}的残差</translation>
        </message>
        <message>
            <source>Residuals</source>
            <translation>残差</translation>
        </message>
        <message>
            <source>Residuals need held-out cells, but no cell is held out; hold some out, or do not ask for residuals.</source>
            <translation>没有留出单元，因此没有残差可写；请留出一些单元，或不要求输出残差。</translation>
        </message>
        <message>
            <source>Right, % (user’s accuracy)</source>
            <translation>正确的比例，%（用户精度）</translation>
        </message>
        <message>
            <source>Rows: the class of the held-out points. Columns: the class of the map, by its number.</source>
            <translation>行：留出点的类别。列：地图的类别，以编号表示。</translation>
        </message>
        <message>
            <source>Runs the four steps of an interpolation one by one, with files between them. One graph can then serve several models, and one model several graphs.</source>
            <translation>将插值的四个步骤逐一进行，步骤之间以文件相连：这样一个异构图可供多个模型使用，一个模型也可用于多个异构图。</translation>
        </message>
        <message>
            <source>Runs the four steps of an interpolation one by one.</source>
            <translation>逐一进行插值的四个步骤。</translation>
        </message>
        <message>
            <source>R² on the model’s scale</source>
            <translation>模型尺度上的 R²</translation>
        </message>
        <message>
            <source>SD</source>
            <translation>标准差</translation>
        </message>
        <message>
            <source>Satellite embeddings</source>
            <translation>卫星嵌入</translation>
        </message>
        <message>
            <source>Says what is wrong with these layers. Fits nothing.</source>
            <translation>说明这些图层有什么问题。不拟合任何模型。</translation>
        </message>
        <message>
            <source>Says what the layers are and what is wrong with them, before a map is made.</source>
            <translation>在制图之前，说明图层是什么、有什么问题。</translation>
        </message>
        <message>
            <source>Seconds</source>
            <translation>用时（秒）</translation>
        </message>
        <message>
            <source>Seconds that a map takes</source>
            <translation>制图所需秒数</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>随机种子</translation>
        </message>
        <message>
            <source>Semivariance</source>
            <translation>半方差</translation>
        </message>
        <message>
            <source>Semivariance ({unit})²</source>
            <translation>半方差（{unit}）²</translation>
        </message>
        <message>
            <source>Semivariograms of the held-out cells: how much two cells differ, by distance, in their observed values and in their residuals. A flat residual line means that no spatial pattern is left.</source>
            <translation>留出单元的半变异函数：两个单元的观测值及残差随距离增大的差异。残差线平直表示不再有空间格局。</translation>
        </message>
        <message>
            <source>Semivariograms of the observed values and of the residuals</source>
            <translation>观测值与残差的半变异函数</translation>
        </message>
        <message>
            <source>Set up</source>
            <translation>安装</translation>
        </message>
        <message>
            <source>Set up the engine</source>
            <translation>安装引擎</translation>
        </message>
        <message>
            <source>Set up the engine…</source>
            <translation>安装引擎…</translation>
        </message>
        <message>
            <source>Settings &gt; Options &gt; GeoHG</source>
            <translation>设置 &gt; 选项 &gt; GeoHG</translation>
        </message>
        <message>
            <source>Settings file</source>
            <translation>设置文件</translation>
        </message>
        <message>
            <source>Settings.</source>
            <translation>设置</translation>
        </message>
        <message>
            <source>Share above (%)</source>
            <translation>超过的比例（%）</translation>
        </message>
        <message>
            <source>Share of activations that the model gnn drops in training, to prevent overfitting.</source>
            <translation>模型gnn在训练中丢弃的激活值比例，用于防止过拟合。</translation>
        </message>
        <message>
            <source>Share of cells inside the area of applicability</source>
            <translation>适用范围内的单元比例</translation>
        </message>
        <message>
            <source>Share of new measurements that the intervals should contain, such as 0.9. Their width is calibrated on observed cells predicted without their own value.</source>
            <translation>区间应包含新测量值的比例，例如0.9。区间宽度通过在不使用自身值的情况下预测有观测值的单元学得。</translation>
        </message>
        <message>
            <source>Share of observed cells held out as test</source>
            <translation>留作测试的有观测值单元比例</translation>
        </message>
        <message>
            <source>Share of the map.</source>
            <translation>占地图的比例</translation>
        </message>
        <message>
            <source>Share of the training cells kept for early stopping: training of gnn ends when the error on them stops improving.</source>
            <translation>训练单元中用于提前停止的比例：当其上的误差不再改善时，gnn的训练结束。</translation>
        </message>
        <message>
            <source>Share of the variance that near cells do not share</source>
            <translation>相邻单元不共有的方差比例</translation>
        </message>
        <message>
            <source>Shares from 0.001 to 0.999 whose quantiles are mapped, with commas between them: 0.1,0.9 gives the values that one in ten new measurements lies below, and above.</source>
            <translation>要制图的分位数，取 0.001 到 0.999，用逗号分隔：0.1,0.9 给出十分之一的新测量值低于和高于的数值。</translation>
        </message>
        <message>
            <source>Shows which method predicts best from these points: GeoHG, inverse distance weighting, ordinary kriging, a random forest on the cell features, or the mean value. All methods are tested on the same held-out cells: random cells or groups, and whole spatial blocks.

The report gives the errors of each method, the uncertainty of the ranking, and whether any method has skill. No map is made; use Interpolate for that.</source>
            <translation>指出用这些点预测时哪种方法最好：GeoHG、反距离加权、普通克里金、基于单元特征的随机森林，或数值的均值。所有方法都在相同的、未曾提供给它们的单元上检验：随机单元或分组，以及整块的空间分块。

报告给出各方法与实测值的差距、排名的把握程度，以及是否有任何方法具备预测能力。本工具不生成地图；地图由“结合土地覆盖的点插值”生成。</translation>
        </message>
        <message>
            <source>Shrubland</source>
            <translation>灌丛</translation>
        </message>
        <message>
            <source>Side of a cell, in the unit of the grid's CRS: metres, or degrees for a geographic CRS. If not set, a size that suits the points is chosen and shown in the log.</source>
            <translation>单元的边长，以格网CRS的单位计：大多数CRS为米，地理CRS为度。未设置时选取适合这些点的大小，并在日志中说明。</translation>
        </message>
        <message>
            <source>Side of a spatial block, in metres</source>
            <translation>空间分块的边长（米）</translation>
        </message>
        <message>
            <source>Similar cells per cell</source>
            <translation>每个单元的相似单元数</translation>
        </message>
        <message>
            <source>Simulating</source>
            <translation>正在模拟</translation>
        </message>
        <message>
            <source>Simulations</source>
            <translation>模拟</translation>
        </message>
        <message>
            <source>Size of a cell</source>
            <translation>单元大小</translation>
        </message>
        <message>
            <source>Size that suits the points</source>
            <translation>适合这些点的大小</translation>
        </message>
        <message>
            <source>Skewness</source>
            <translation>偏度</translation>
        </message>
        <message>
            <source>Skewness of the values</source>
            <translation>数值的偏度</translation>
        </message>
        <message>
            <source>Snow and ice</source>
            <translation>冰雪</translation>
        </message>
        <message>
            <source>So few cells do not tell whether a map of these values is worth making.</source>
            <translation>单元太少，无法判断这些数值是否值得制图。</translation>
        </message>
        <message>
            <source>Software.</source>
            <translation>软件</translation>
        </message>
        <message>
            <source>Source</source>
            <translation>来源</translation>
        </message>
        <message>
            <source>Spatial blocks</source>
            <translation>空间分块</translation>
        </message>
        <message>
            <source>Spatial blocks are not tested: {reason}</source>
            <translation>未在空间分块上检验：{reason}</translation>
        </message>
        <message>
            <source>Split into spatial blocks.</source>
            <translation>分块的留出方式</translation>
        </message>
        <message>
            <source>Split of the observed cells.</source>
            <translation>有观测值单元的划分</translation>
        </message>
        <message>
            <source>Spreads totals of districts over cells, and sums them up in other polygons.</source>
            <translation>将行政区的总量分配到格网，再在其他多边形中求和。</translation>
        </message>
        <message>
            <source>Standard deviation of a new measurement in each cell, calibrated on left-out cells. Darker cells are less certain.</source>
            <translation>在每个单元进行一次新测量的标准差，依据留出的单元校准：颜色越深，把握越小。</translation>
        </message>
        <message>
            <source>Standard deviation of {label}</source>
            <translation>{label}的标准差</translation>
        </message>
        <message>
            <source>Starting the engine</source>
            <translation>正在启动引擎</translation>
        </message>
        <message>
            <source>Step size of the optimiser of the model gnn.</source>
            <translation>gnn模型中优化器的步长。</translation>
        </message>
        <message>
            <source>Step size of the optimiser.</source>
            <translation>优化器的步长。</translation>
        </message>
        <message>
            <source>Study area</source>
            <translation>研究区</translation>
        </message>
        <message>
            <source>Summarise by polygons</source>
            <translation>按多边形汇总</translation>
        </message>
        <message>
            <source>Summarised polygons</source>
            <translation>汇总后的多边形</translation>
        </message>
        <message>
            <source>System</source>
            <translation>系统</translation>
        </message>
        <message>
            <source>Table {number}.</source>
            <translation>表{number}</translation>
        </message>
        <message>
            <source>Taken for</source>
            <translation>被当作</translation>
        </message>
        <message>
            <source>Temperature</source>
            <translation>温度系数</translation>
        </message>
        <message>
            <source>Template raster</source>
            <translation>模板栅格</translation>
        </message>
        <message>
            <source>Temporary</source>
            <translation>临时</translation>
        </message>
        <message>
            <source>Test</source>
            <translation>测试单元</translation>
        </message>
        <message>
            <source>Test of the accuracy</source>
            <translation>精度检验</translation>
        </message>
        <message>
            <source>Tests a model on observed cells that were not used to fit it.</source>
            <translation>用未参与拟合的有观测值单元检验模型。</translation>
        </message>
        <message>
            <source>Tests a trained model on the observed cells of a graph that were not used to fit it, and compares it with inverse distance weighting and kriging on the same cells.

With new points, measured after training, the model is tested on the cells that contain them. If a cell was also used to fit the model, it is predicted without its old value. Most networks cannot do this; such cells are then left out, and the log gives their number.</source>
            <translation>在异构图中模型拟合时未使用的有观测值单元上检验训练好的模型，并与反距离加权和克里金在相同单元上的结果对比。

如果提供新的点（测量时间晚于模型学习所用的点），则在这些点所在的单元上检验。模型拟合时用过的单元，在不使用其旧值的情况下预测；如果模型无法做到（大多数网络无法做到），则排除该单元，并在日志中说明排除的数量。</translation>
        </message>
        <message>
            <source>Text (*.txt)</source>
            <translation>文本 (*.txt)</translation>
        </message>
        <message>
            <source>Text of the report</source>
            <translation>报告内容</translation>
        </message>
        <message>
            <source>The CRS of {owner} is missing; assign one, such as EPSG:4326.</source>
            <translation>{owner}缺少CRS；请指定，例如EPSG:4326。</translation>
        </message>
        <message>
            <source>The CRS of {owner} is unknown: '{text}'; try EPSG:4326.</source>
            <translation>{owner}的CRS未知：“{text}”；请尝试EPSG:4326。</translation>
        </message>
        <message>
            <source>The CRS of {owner}, '{text}', is a {kind}, which has no map coordinates; choose a geographic or projected one, such as EPSG:4326.</source>
            <translation>{owner}的坐标参考系“{text}”是{kind}，没有地图的x和y；请选择地理或投影坐标参考系，例如EPSG:4326。</translation>
        </message>
        <message>
            <source>The CRS was given as '{given}', but that of '{path}' is '{own}'; leave it out.</source>
            <translation>指定的CRS为“{given}”，而“{path}”的CRS为“{own}”；请不要指定。</translation>
        </message>
        <message>
            <source>The CUDA device cannot be used ({reason})</source>
            <translation>无法使用CUDA设备（{reason}）</translation>
        </message>
        <message>
            <source>The Dask scheduler at {address} has no workers; start some.</source>
            <translation>{address} 处的 Dask 调度器没有工作进程；请启动一些。</translation>
        </message>
        <message>
            <source>The Dask scheduler at {address} has {count} workers with {threads} threads.</source>
            <translation>{address} 处的 Dask 调度器有 {count} 个工作进程，共 {threads} 个线程。</translation>
        </message>
        <message>
            <source>The Dask scheduler at {address} is gone, and what was not finished with it; start it again, and repeat the command: with a work folder it goes on where it stopped.</source>
            <translation>{address} 处的 Dask 调度器已消失，未完成的部分也随之丢失；请重新启动它并重复该命令：有工作文件夹时，将从停止处继续。</translation>
        </message>
        <message>
            <source>The GeoDataFrame has no geometry column in use; choose one with set_geometry.</source>
            <translation>GeoDataFrame 没有启用的几何列；请用 set_geometry 指定。</translation>
        </message>
        <message>
            <source>The NVIDIA driver {driver} is too old for CUDA 13; update it to {needed} or later, or choose CPU as the device.</source>
            <translation>NVIDIA驱动程序{driver}过旧，不支持CUDA 13；请更新到{needed}或更高版本，或将设备设为cpu。</translation>
        </message>
        <message>
            <source>The Python cannot make environments; install python3-venv, or choose another Python.</source>
            <translation>该Python无法创建环境；请安装python3-venv，或选择其他Python。</translation>
        </message>
        <message>
            <source>The algorithm '{algorithm}' has no parameter '{name}'.</source>
            <translation>算法“{algorithm}”没有参数“{name}”。</translation>
        </message>
        <message>
            <source>The algorithm failed without saying why.</source>
            <translation>算法执行失败，未说明原因。</translation>
        </message>
        <message>
            <source>The answer from '{address}' is not a WorldCover tile; the network's login page, or a proxy, may have answered instead.</source>
            <translation>从“{address}”获取的不是WorldCover图幅；可能是需要先登录的网络或代理服务器作出的响应。</translation>
        </message>
        <message>
            <source>The area of applicability was learnt from {learnt} columns of features, this graph gives {given}; build the graph from the same kinds of data.</source>
            <translation>适用范围由{learnt}列特征学得，而该异构图有{given}列；请用同类数据构建异构图。</translation>
        </message>
        <message>
            <source>The band with the classes in every land-cover raster.</source>
            <translation>每个土地覆盖栅格中存放类别的波段。</translation>
        </message>
        <message>
            <source>The best value in each column is bold; its {level:g} % bootstrap interval is below each score. RMSE / SD is the RMSE divided by the standard deviation of the training values. R² is the explained share of the variance of the held-out values; below zero, their mean would predict better. “Mean” predicts the mean of the training cells everywhere.</source>
            <translation>每列最佳值以粗体表示；各得分下方为其{level:g}%自助法区间。RMSE / SD为RMSE与各方法所得数值的标准差之比。R²为留出值的方差中得到解释的比例；小于零时，其均值反而更接近。“均值”将训练单元的均值赋给每个单元。</translation>
        </message>
        <message>
            <source>The cell size must be greater than zero, got {size:g}; give a size in the unit of the grid's CRS.</source>
            <translation>单元大小必须大于零，当前为{size:g}；请以格网CRS的单位指定大小。</translation>
        </message>
        <message>
            <source>The cell size {cell_size:g} is too small for the extent: more cells than can be numbered; give a size in the unit of the grid's CRS.</source>
            <translation>像元大小{cell_size:g}相对于范围过小：像元多得无法编号；请以网格CRS的单位给出大小。</translation>
        </message>
        <message>
            <source>The cell size {size:g} is in degrees, the unit of the grid's CRS, and the map is {widest:.2g} degrees wide; if {size:g} metres are meant, give {degrees:.2g}, or choose a CRS of the grid in metres.</source>
            <translation>单元大小{size:g}的单位是格网坐标参照系的度，而地图只有{widest:.2g}度宽；如果指{size:g}米，请填{degrees:.2g}，或为格网选择以米为单位的坐标参照系。</translation>
        </message>
        <message>
            <source>The cell size {size:g} makes {cells:,.0f} cells; the memory of this computer allows at most {most:,.0f}. Use a cell size of at least {fits:.2g}, or a smaller extent.</source>
            <translation>单元大小{size:g}将产生{cells:,.0f}个单元；本机内存最多容纳{most:,.0f}个。请使用不小于{fits:.2g}的单元大小，或更小的范围。</translation>
        </message>
        <message>
            <source>The cell size {size:g} makes {cells:,} cells; the free memory allows {most:,}. Use a cell size of at least {fits:.2g}, or a smaller extent.</source>
            <translation>单元大小{size:g}将产生{cells:,}个单元；可用内存只允许{most:,}个。请使用不小于{fits:.2g}的单元大小，或更小的范围。</translation>
        </message>
        <message>
            <source>The cell size {width:g} x {height:g} is read in degrees, the unit of the grid's CRS, and {turn:g} degrees go round the Earth; give a size in degrees, or choose a CRS of the grid in metres.</source>
            <translation>像元大小{width:g} x {height:g}以格网坐标参考系的单位计，即绕地球一周为{turn:g}的度；请以度给出大小，或为格网选择以米为单位的坐标参考系。</translation>
        </message>
        <message>
            <source>The cells are missing; give their table as 'coordinates'.</source>
            <translation>缺少单元格；请用“coordinates”给出它们的表。</translation>
        </message>
        <message>
            <source>The cells are smaller than the pixels of the raster '{name}'; each has the value at its centre, bilinear between the centres of pixels, and no standard deviation.</source>
            <translation>单元小于栅格“{name}”的像元；每个单元取其中心处的值（在像元中心之间双线性插值），没有标准差。</translation>
        </message>
        <message>
            <source>The cells are {width:g} wide; {suits:g} would suit the points.</source>
            <translation>单元宽 {width:g}；{suits:g} 才适合这些点。</translation>
        </message>
        <message>
            <source>The cells: of a graph, with shares of classes and POIs, and mean measured values; of a map, with what is predicted and its uncertainty.</source>
            <translation>单元：图的单元带有各类和 POI 的占比以及实测平均值；地图的单元带有预测值及其不确定性。</translation>
        </message>
        <message>
            <source>The chosen Python '{path}' {fault}; choose one of 3.10 to 3.13.</source>
            <translation>所选的Python“{path}”{fault}；请选择3.10至3.13的版本。</translation>
        </message>
        <message>
            <source>The class to predict, such as a type of soil: text, or whole numbers that are codes. Points without a class are left out. At most 30 classes can be mapped.</source>
            <translation>要预测的类别，例如土壤类型：文本，或作为代码的整数。没有类别的点会舍去。最多可绘制 30 个类别。</translation>
        </message>
        <message>
            <source>The column '{x}' was given as x and '{y}' as y of {owner}; give the longitude or easting as x: {y},{x}.</source>
            <translation>{owner}的列“{x}”被给作x，“{y}”被给作y；请将经度或东坐标作为x：{y},{x}。</translation>
        </message>
        <message>
            <source>The commas in the numbers of the table '{path}', such as '{comma}', may be decimal commas or part thousands; write the numbers with decimal points, and thousands without a sign.</source>
            <translation>表“{path}”的数字中的逗号（如“{comma}”）可能是小数点，也可能是千位分隔符；请用小数点书写数字，千位之间不加符号。</translation>
        </message>
        <message>
            <source>The coordinates do not lie on a grid of cells of {size:g}; give the distance of neighbouring middles, or none.</source>
            <translation>坐标不在单元大小为{size:g}的格网上；请给出相邻中心点之间的距离，或不指定。</translation>
        </message>
        <message>
            <source>The coordinates of '{name}', such as x {x:.0f}, y {y:.0f}, cannot be degrees, the unit of its CRS ({crs}); set the CRS that they are in, in the layer's properties.</source>
            <translation>“{name}”的坐标（例如x {x:.0f}，y {y:.0f}）不可能是其坐标参照系（{crs}）的单位“度”；请在图层属性中设置坐标实际所用的坐标参照系。</translation>
        </message>
        <message>
            <source>The coordinates of '{name}', such as x {x:.0f}, y {y:.0f}, cannot be degrees, the unit of its CRS ({crs}); they look like {looks}: set that CRS in the layer's properties.</source>
            <translation>“{name}”的坐标（例如x {x:.0f}，y {y:.0f}）不可能是其坐标参照系（{crs}）的单位“度”；它们看起来属于{looks}：请在图层属性中设置该坐标参照系。</translation>
        </message>
        <message>
            <source>The covariance of the observed cells is nearly singular; {jitter:g} of its variance was added as noise.</source>
            <translation>有观测值单元的协方差矩阵接近奇异；已将其方差的{jitter:g}倍作为噪声加入。</translation>
        </message>
        <message>
            <source>The covariance of the observed cells is singular even with a hundredth of its variance added; look for constant or extreme values in the target and the covariates.</source>
            <translation>即使加入百分之一的方差，有观测值单元的协方差矩阵仍为奇异；请检查目标和协变量中是否有常数或极端值。</translation>
        </message>
        <message>
            <source>The covariate '{name}' is known in {known:,} of {cells:,} cells and kriged to all; it is used where that improves the prediction of left-out cells.</source>
            <translation>协变量“{name}”在 {cells:,} 个单元中的 {known:,} 个已知，并用克里金法估计到所有单元；仅当它能改进对留出单元的预测时才使用。</translation>
        </message>
        <message>
            <source>The covariate '{name}' is known in {known:,} of {cells:,} cells, and kriged in the others.</source>
            <translation>协变量“{name}”在 {cells:,} 个单元中的 {known:,} 个已知，其余单元用克里金法估计。</translation>
        </message>
        <message>
            <source>The covariate '{name}' is not used: it has values in too few cells, or is constant.</source>
            <translation>未使用协变量“{name}”：有值的单元太少，或其值恒定。</translation>
        </message>
        <message>
            <source>The disk is full ({path}); free some of it, or write elsewhere.</source>
            <translation>磁盘已满（{path}）；请释放一些空间，或写到其他位置。</translation>
        </message>
        <message>
            <source>The disk is full; free some space, then run it again.</source>
            <translation>磁盘已满；请释放一些空间，然后重新运行。</translation>
        </message>
        <message>
            <source>The disk of '{folder}' has {free:.1f} GB free, and the engine needs {needed:.1f} GB; free some space, then run it again.</source>
            <translation>“{folder}”所在磁盘剩余{free:.1f} GB，而引擎需要{needed:.1f} GB；请释放一些空间，然后重新运行。</translation>
        </message>
        <message>
            <source>The download from '{address}' was incomplete.</source>
            <translation>从“{address}”获取的内容不完整。</translation>
        </message>
        <message>
            <source>The download from '{address}{name}' is not the data set's file: its SHA-256 checksum differs. It was discarded. {advice}</source>
            <translation>从“{address}{name}”获取的不是数据集的文件：其SHA-256校验和不符，未予保留。{advice}</translation>
        </message>
        <message>
            <source>The embeddings '{name}' must be read from a file as they are; save them as a GeoTIFF, with nodata set in the file and not in the layer.</source>
            <translation>嵌入“{name}”必须按原样从文件读取；请将其另存为 GeoTIFF，并在文件中而不是在图层中设置 nodata。</translation>
        </message>
        <message>
            <source>The encoder file '{path}' is inconsistent: {error} Pretrain again.</source>
            <translation>编码器文件“{path}”不一致：{error}请重新预训练。</translation>
        </message>
        <message>
            <source>The encoder was pretrained with '{section}.{name}' {ours}, got {theirs}; set it to {ours} or pretrain again.</source>
            <translation>编码器预训练时“{section}.{name}”为{ours}，当前为{theirs}；请将其设为{ours}，或重新预训练。</translation>
        </message>
        <message>
            <source>The engine alone</source>
            <translation>仅引擎自身</translation>
        </message>
        <message>
            <source>The engine cannot run inside QGIS, whose Python {fault}: {remedy}.</source>
            <translation>引擎无法在QGIS中运行，其Python{fault}：{remedy}。</translation>
        </message>
        <message>
            <source>The engine crashed ({signal})</source>
            <translation>引擎崩溃（{signal}）</translation>
        </message>
        <message>
            <source>The engine did not start ('{program}'): {reason}.</source>
            <translation>引擎未能启动（“{program}”）：{reason}。</translation>
        </message>
        <message>
            <source>The engine did not start because a Windows library is missing; install the Microsoft Visual C++ Redistributable and set up the engine again</source>
            <translation>由于缺少一个Windows库，引擎未能启动；请安装Microsoft Visual C++ Redistributable，然后重新安装引擎</translation>
        </message>
        <message>
            <source>The engine ended with exit code {code}</source>
            <translation>引擎已结束，退出代码为{code}</translation>
        </message>
        <message>
            <source>The engine ended without a result</source>
            <translation>引擎已结束，但没有给出结果</translation>
        </message>
        <message>
            <source>The engine failed without saying why.</source>
            <translation>引擎执行失败，未说明原因。</translation>
        </message>
        <message>
            <source>The engine is not set up yet.</source>
            <translation>引擎尚未安装。</translation>
        </message>
        <message>
            <source>The engine is ready</source>
            <translation>引擎已就绪</translation>
        </message>
        <message>
            <source>The engine is set up for {device} in {folder}.</source>
            <translation>引擎已安装在{folder}，设备为{device}。</translation>
        </message>
        <message>
            <source>The engine of GeoHG is not set up yet: {remedy}.</source>
            <translation>GeoHG的引擎尚未安装：{remedy}。</translation>
        </message>
        <message>
            <source>The engine ran out of memory; use larger cells or a smaller extent, or close other programs</source>
            <translation>引擎内存不足；请使用更大的单元或更小的范围，或关闭其他程序</translation>
        </message>
        <message>
            <source>The engine runs in {path}, from {origin}.</source>
            <translation>引擎在{path}中运行，该路径来自{origin}。</translation>
        </message>
        <message>
            <source>The engine was already set up</source>
            <translation>引擎先前已就绪</translation>
        </message>
        <message>
            <source>The engine was killed (signal 9), most likely because the computer ran out of memory; use larger cells or a smaller extent, or close other programs</source>
            <translation>引擎被终止（信号9），很可能是因为计算机内存不足；请使用更大的单元或更小的范围，或关闭其他程序</translation>
        </message>
        <message>
            <source>The engine's Python '{path}', from {origin}, {fault}: {remedy}.</source>
            <translation>引擎的Python“{path}”（来自{origin}）{fault}：{remedy}。</translation>
        </message>
        <message>
            <source>The engine's environment is removed.</source>
            <translation>引擎的环境已移除。</translation>
        </message>
        <message>
            <source>The engine's environment was made for another version of GeoHG; run Processing Toolbox &gt; GeoHG &gt; Set up the engine to renew it.</source>
            <translation>引擎的环境属于另一版本的GeoHG；请运行“工具箱 &gt; GeoHG &gt; 安装引擎”进行更新。</translation>
        </message>
        <message>
            <source>The engine's packages cannot be loaded ({reason}); set up the engine again.</source>
            <translation>无法加载引擎的软件包（{reason}）；请重新安装引擎。</translation>
        </message>
        <message>
            <source>The environment variable {name} is set and takes precedence.</source>
            <translation>环境变量{name}已设置，优先于此处的设置。</translation>
        </message>
        <message>
            <source>The epoch of gnn with the best value of this metric on the validation cells is kept.</source>
            <translation>保留gnn在验证单元上此指标最佳的训练轮。</translation>
        </message>
        <message>
            <source>The existing environment does not work; making a new one.</source>
            <translation>现有的环境无法正常工作；正在重新创建。</translation>
        </message>
        <message>
            <source>The extent (left {left:g}, bottom {bottom:g}, right {right:g}, top {top:g}) is empty; its right must be east of its left and its top north of its bottom.</source>
            <translation>范围为空（左{left:g}，下{bottom:g}，右{right:g}，上{top:g}）；右边界必须在左边界以东，上边界必须在下边界以北。</translation>
        </message>
        <message>
            <source>The extent (left {left:g}, bottom {bottom:g}, right {right:g}, top {top:g}) is not in longitudes (left, right) and latitudes (bottom, top), the coordinates of the grid's CRS; check whether x and y are exchanged, and the CRS.</source>
            <translation>范围（左{left:g}、下{bottom:g}、右{right:g}、上{top:g}）不是格网坐标参考系所用的经度（左、右）和纬度（下、上）；请检查x和y是否颠倒以及坐标参考系。</translation>
        </message>
        <message>
            <source>The extent is missing; give one, points, a study area, or a template raster.</source>
            <translation>缺少范围；请指定范围，或提供点、研究区或模板栅格。</translation>
        </message>
        <message>
            <source>The field '{field}' has {count} different values, such as '{first}' and '{second}'; at most {most} classes can be mapped. Merge classes, choose another field, or interpolate it if it is a measured number.</source>
            <translation>字段“{field}”有 {count} 个不同的值，例如“{first}”和“{second}”；最多可绘制 {most} 个类别。请合并类别、选择其他字段；若是测得的数值，请用插值。</translation>
        </message>
        <message>
            <source>The field '{name}'</source>
            <translation>字段“{name}”</translation>
        </message>
        <message>
            <source>The field '{name}' contains {kind}, not numbers; choose a numeric field.</source>
            <translation>字段“{name}”存放的是{kind}，不是数字；请选择数值字段。</translation>
        </message>
        <message>
            <source>The field '{name}' has no values; choose a field with numbers.</source>
            <translation>字段“{name}”没有值；请选择数值字段。</translation>
        </message>
        <message>
            <source>The field '{name}' is both the value and a covariate; a value cannot predict itself.</source>
            <translation>字段“{name}”既是要预测的值又是协变量；不能用一个值预测它自身。</translation>
        </message>
        <message>
            <source>The field '{name}' of '{path}'</source>
            <translation>“{path}”的字段“{name}”</translation>
        </message>
        <message>
            <source>The field '{name}' only numbers the points; choose the field with the measured value.</source>
            <translation>字段“{name}”只是点的编号，不是测量值；请选择数值字段。</translation>
        </message>
        <message>
            <source>The field with each POI's category, for example restaurant; required with a POI layer.</source>
            <translation>包含每个POI类别（如餐馆）的字段；有POI图层时必须指定。</translation>
        </message>
        <message>
            <source>The field with the name or class of each polygon; required with zones. Polygons with the same name are one zone.</source>
            <translation>各个面的名称或类别所在字段；给出分区时必填。同名的面为同一分区。</translation>
        </message>
        <message>
            <source>The fields of the table '{path}' are separated by {signs}; save it with commas, semicolons or tabs between the fields.</source>
            <translation>表“{path}”的字段以{signs}分隔；请保存为以逗号、分号或制表符分隔字段的文件。</translation>
        </message>
        <message>
            <source>The file '{path}' cannot be read: {error}.</source>
            <translation>无法读取文件“{path}”：{error}。</translation>
        </message>
        <message>
            <source>The file '{path}' does not exist.</source>
            <translation>文件“{path}”不存在。</translation>
        </message>
        <message>
            <source>The file or folder '{path}' ({parameter}) does not exist.</source>
            <translation>文件或文件夹“{path}”（{parameter}）不存在。</translation>
        </message>
        <message>
            <source>The file with the encoder.</source>
            <translation>编码器文件。</translation>
        </message>
        <message>
            <source>The file with the graph.</source>
            <translation>异构图文件。</translation>
        </message>
        <message>
            <source>The first line of the table '{path}' is '{line}'; remove it, so that the names of the columns come first.</source>
            <translation>表“{path}”的第一行是“{line}”；请删除该行，使列名位于最前。</translation>
        </message>
        <message>
            <source>The fitted model, for predicting on this or another graph.</source>
            <translation>拟合好的模型，用于在此异构图或其他异构图上预测。</translation>
        </message>
        <message>
            <source>The fitted model, with which Predict maps the classes here or elsewhere.</source>
            <translation>拟合好的模型，“预测”可用它在此处或其他地点绘制类别图。</translation>
        </message>
        <message>
            <source>The folder '{folder}' cannot be made: {reason}.</source>
            <translation>无法创建文件夹“{folder}”：{reason}。</translation>
        </message>
        <message>
            <source>The folder with one file per measured value, such as downstream_tasks/GZ, if it is another folder.</source>
            <translation>每个测量值一个文件的文件夹，例如downstream_tasks/GZ；仅当其与上述文件夹不同时指定。</translation>
        </message>
        <message>
            <source>The folder with the files of the cells, such as Hyper_Graph/GZ.</source>
            <translation>存放单元文件的文件夹，例如Hyper_Graph/GZ。</translation>
        </message>
        <message>
            <source>The graph file '{path}' is inconsistent: {error} Build the graph again.</source>
            <translation>图文件“{path}”不一致：{error}请重新构建图。</translation>
        </message>
        <message>
            <source>The graph file of the same run.</source>
            <translation>同一次运行的图文件。</translation>
        </message>
        <message>
            <source>The graph has no cells; check the extent and the land cover.</source>
            <translation>异构图中没有单元；请检查范围和土地覆盖。</translation>
        </message>
        <message>
            <source>The graph has no features, and without 'data.pos_embedding' a network reads no coordinates either; give the graph land cover, POIs or covariates, or let it read coordinates.</source>
            <translation>异构图没有特征，且不设“data.pos_embedding”时网络也不读取位置；请为异构图提供土地覆盖、POI或协变量，或让网络读取位置。</translation>
        </message>
        <message>
            <source>The graph has no target '{name}'; it has: {known}.</source>
            <translation>异构图没有目标“{name}”；现有目标：{known}。</translation>
        </message>
        <message>
            <source>The graph of a file or of a city has what is known of its cells already, so these change nothing: {names}. Build a graph of points with them instead.</source>
            <translation>图文件或城市的图已含有其单元的已知信息，因此以下各项不起作用：{names}。请改用点和这些数据构建图。</translation>
        </message>
        <message>
            <source>The graph that the model was trained on, or another.</source>
            <translation>训练模型所用的异构图，或其他异构图。</translation>
        </message>
        <message>
            <source>The graph's cells have no grid, so points cannot be assigned to them.</source>
            <translation>异构图的单元不在格网上，因此没有点会落入其中。</translation>
        </message>
        <message>
            <source>The graph's cells must be ascending and inside its grid.</source>
            <translation>异构图的单元必须按升序排列并位于其格网内。</translation>
        </message>
        <message>
            <source>The graph's features must have shape ({count}, {width}), got {got}.</source>
            <translation>异构图特征的形状必须为({count}, {width})，当前为{got}。</translation>
        </message>
        <message>
            <source>The graph's {cells} cells have no grid, so that nobody knows which lie in a polygon; use a graph on a grid.</source>
            <translation>图的 {cells} 个像元没有网格，无法确定哪些位于多边形内；请使用带网格的图。</translation>
        </message>
        <message>
            <source>The graph's {cells} cells have no grid, so they give no raster and no contours; write a table of the cells instead: .csv, .gpkg, .geojson or .fgb.</source>
            <translation>该图的 {cells} 个单元没有格网，因此没有栅格和等值线；请改为写出单元表：.csv、.gpkg、.geojson 或 .fgb。</translation>
        </message>
        <message>
            <source>The graph's {cells} cells have no grid, which rasters and cell polygons need; write a table or a report instead.</source>
            <translation>异构图的{cells}个单元不在格网上，而栅格和单元多边形需要格网；请改为写出表格或报告。</translation>
        </message>
        <message>
            <source>The graph's {name} edges must have shape (2, E), got {shape}.</source>
            <translation>异构图的{name}边的形状必须为(2, E)，当前为{shape}。</translation>
        </message>
        <message>
            <source>The graph's {name} edges point to nodes that do not exist.</source>
            <translation>异构图的{name}边指向不存在的节点。</translation>
        </message>
        <message>
            <source>The graph, for training, evaluating or predicting with other options.</source>
            <translation>异构图，可用于以其他选项训练、评估或预测。</translation>
        </message>
        <message>
            <source>The grid has no cells ({rows} rows, {cols} columns).</source>
            <translation>格网中没有单元（{rows}行，{cols}列）。</translation>
        </message>
        <message>
            <source>The grid is given twice, by TEMPLATE and by {names}; leave one of the two empty.</source>
            <translation>格网被指定了两次，分别由TEMPLATE和{names}给出；请将其中之一留空。</translation>
        </message>
        <message>
            <source>The grid lies outside the area of its CRS; check the CRS and the extent.</source>
            <translation>格网位于其坐标系的范围之外；请检查坐标系和范围。</translation>
        </message>
        <message>
            <source>The grid reaches from {left:g} to {right:g} degrees of longitude; to fetch land cover across the 180th meridian, give the grid a CRS in metres.</source>
            <translation>格网跨经度{left:g}°至{right:g}°；若要获取跨越180°经线的土地覆盖，请为格网指定以米为单位的CRS。</translation>
        </message>
        <message>
            <source>The held-out values or their errors are all equal, so spatial autocorrelation cannot be measured.</source>
            <translation>留出的值或其误差全部相等，因此无法测量空间自相关。</translation>
        </message>
        <message>
            <source>The interval in the verdict comes from {resamples:,} paired bootstrap resamples of these cells. Errors of neighbouring cells are correlated, so the true uncertainty is somewhat larger.</source>
            <translation>结论中的区间来自对这些单元的{resamples:,}次成对自助重采样。相邻单元的误差相似，因此真实的不确定性要更大一些。</translation>
        </message>
        <message>
            <source>The land cover ({names}) does not overlap the grid; check the CRS of both and the extent.</source>
            <translation>土地覆盖（{names}）与格网不重叠；请检查两者的CRS和范围。</translation>
        </message>
        <message>
            <source>The land cover has only missing pixels inside the grid; check it.</source>
            <translation>土地覆盖在格网内只有无数据像元；请检查。</translation>
        </message>
        <message>
            <source>The layer '{layer}' has no field '{name}'; it has: {known}.</source>
            <translation>图层“{layer}”没有字段“{name}”；现有字段：{known}。</translation>
        </message>
        <message>
            <source>The layer '{name}' cannot be read: its source '{source}' is missing or unreadable; repair the layer's source, or load it again.</source>
            <translation>无法读取图层“{name}”：其数据源“{source}”不存在或已无法打开；请修复该图层的数据源，或重新加载。</translation>
        </message>
        <message>
            <source>The layer '{name}' cannot be transformed to the grid's CRS, '{crs}'; check the layer's CRS, or choose another CRS for the grid.</source>
            <translation>图层“{name}”在格网的CRS“{crs}”中没有位置；请检查其CRS，或为格网选择其他CRS。</translation>
        </message>
        <message>
            <source>The layer '{name}' has geometries that are not points ({kinds}); give points, such as their centroids.</source>
            <translation>图层“{name}”中有不是点的几何（{kinds}）；请提供点，例如它们的质心。</translation>
        </message>
        <message>
            <source>The layer '{name}' has geometries that are not polygons ({kinds}); give polygons.</source>
            <translation>图层“{name}”中有不是面的几何（{kinds}）；请提供面。</translation>
        </message>
        <message>
            <source>The layer '{name}' has no CRS; set one in its properties.</source>
            <translation>图层“{name}”没有CRS；请在其属性中设置。</translation>
        </message>
        <message>
            <source>The layer '{name}' has no fixed pixel size; save it as a GeoTIFF first.</source>
            <translation>图层“{name}”没有固有的像元大小；请先将其另存为GeoTIFF。</translation>
        </message>
        <message>
            <source>The layer '{name}' has no geometries; give points, lines or polygons.</source>
            <translation>图层“{name}”没有几何；请提供点、线或面。</translation>
        </message>
        <message>
            <source>The layer '{name}' has positions that are infinite or beyond all maps; correct or remove them.</source>
            <translation>图层“{name}”有无穷大或超出一切地图的位置；请更正或删除。</translation>
        </message>
        <message>
            <source>The layer '{name}' is a picture with colours, not classes; give the raster of classes itself.</source>
            <translation>图层“{name}”是图片，只有颜色而没有类别；请提供类别栅格本身。</translation>
        </message>
        <message>
            <source>The layer '{name}' is a picture: its colours are no measured quantity; give the raster of the quantity itself. Bands that do hold quantities can be saved as a raster each.</source>
            <translation>图层“{name}”是图片，其颜色不是量值；请提供量值本身的栅格。若各波段确为量值，可分别另存为栅格。</translation>
        </message>
        <message>
            <source>The layers cannot be passed to the engine ('{folder}'): {reason}.</source>
            <translation>无法为引擎写出图层（“{folder}”）：{reason}。</translation>
        </message>
        <message>
            <source>The likeliest class of each cell.</source>
            <translation>每个单元最可能的类别。</translation>
        </message>
        <message>
            <source>The likeliest class of every cell.</source>
            <translation>每个单元最可能的类别。</translation>
        </message>
        <message>
            <source>The lower end of the prediction interval for a new measurement.</source>
            <translation>一次新测量的预测区间的下限。</translation>
        </message>
        <message>
            <source>The map '{path}' must end with one of {known}.</source>
            <translation>地图“{path}”的扩展名必须是 {known} 之一。</translation>
        </message>
        <message>
            <source>The map has {cells:,} cells and takes about {time} and {memory:.1f} GB.</source>
            <translation>地图有 {cells:,} 个单元，大约需要{time}和 {memory:.1f} GB。</translation>
        </message>
        <message>
            <source>The map has {cells:,} cells of {side} and is made in {blocks} blocks.</source>
            <translation>地图有 {cells:,} 个 {side} 的单元，分 {blocks} 块制作。</translation>
        </message>
        <message>
            <source>The map has {cells:,} cells of {side}.</source>
            <translation>地图有{cells:,}个单元，单元大小{side}。</translation>
        </message>
        <message>
            <source>The mean or total of the cells of each polygon, and its uncertainty.</source>
            <translation>每个多边形内像元的均值或总和及其不确定性。</translation>
        </message>
        <message>
            <source>The measured value to predict. The default model reads each point where it is; networks read the mean of each cell. Points without a value are left out.</source>
            <translation>要预测的测量值。默认模型按每个点的真实位置读取；神经网络读取每个单元的均值。没有值的点不参与计算。</translation>
        </message>
        <message>
            <source>The measured values to predict: one field, or several, which take less time together than one after the other. Each has its own bands in the rasters, in the order given here, and its own section of the report; numbers are those of the first field. The default model reads each point where it is; networks read the mean of each cell. Points without a value are left out.</source>
            <translation>要预测的测量值：一个字段，或多个字段；多个字段一起运行比逐个运行用时更少。每个字段在栅格中有自己的波段（按此处给出的顺序），在报告中有自己的一节；输出的数字是第一个字段的。默认模型在每个点的实际位置读取它；神经网络读取每个单元格的均值。没有值的点会被忽略。</translation>
        </message>
        <message>
            <source>The model '{kind}' reads points alone; polygons with values need 'propagation' without an encoder.</source>
            <translation>模型“{kind}”只读取点；带值的多边形需要不带编码器的“propagation”。</translation>
        </message>
        <message>
            <source>The model '{path}' is missing or damaged; install GeoHG again.</source>
            <translation>模型“{path}”缺失或已损坏；请重新安装GeoHG。</translation>
        </message>
        <message>
            <source>The model also rests on: {names}. They predict left-out cells better.</source>
            <translation>模型还依据：{names}。它们使留出单元的预测更好。</translation>
        </message>
        <message>
            <source>The model file '{path}' has no graph to map; read it with FittedMap.load, and give the graph to its map.</source>
            <translation>模型文件“{path}”中没有可制图的图；请用 FittedMap.load 读取，并把图交给它的 map。</translation>
        </message>
        <message>
            <source>The model file '{path}' is inconsistent: {error} Train the model again.</source>
            <translation>模型文件“{path}”不一致：{error}请重新训练模型。</translation>
        </message>
        <message>
            <source>The model file '{path}' tells the class of a cell, and not a number; map its classes with Predict, or train a model of a number.</source>
            <translation>模型文件“{path}”给出单元的类别，而不是数值；请用“预测”绘制类别图，或训练数值的模型。</translation>
        </message>
        <message>
            <source>The model file has no area of applicability; train the model again.</source>
            <translation>该模型文件没有适用范围；请重新训练模型。</translation>
        </message>
        <message>
            <source>The model file holds '{got}', expected '{kind}'.</source>
            <translation>模型文件中为“{got}”，应为“{kind}”。</translation>
        </message>
        <message>
            <source>The model file.</source>
            <translation>模型文件。</translation>
        </message>
        <message>
            <source>The model tells a number, '{target}', and no classes; leave 'probabilities' out. 'exceedance' has the probability that it is above a threshold.</source>
            <translation>该模型给出的是数值“{target}”，没有类别；请去掉“probabilities”。“exceedance”给出超过阈值的概率。</translation>
        </message>
        <message>
            <source>The model tells classes, which have no standard deviation; PROBABILITIES has the probability of each class.</source>
            <translation>该模型给出类别，类别没有标准差；PROBABILITIES 给出各类别的概率。</translation>
        </message>
        <message>
            <source>The model tells the classes of '{target}', which have no {names}; leave that out. 'prediction' is the map of the likeliest class; there are 'probabilities' and 'applicability' beside it.</source>
            <translation>该模型给出“{target}”的类别，没有{names}；请去掉。“prediction”是最可能类别的图，另有“probabilities”和“applicability”。</translation>
        </message>
        <message>
            <source>The model was fitted in the CRS {ours}; this graph's is {theirs}.</source>
            <translation>该模型在坐标参考系{ours}中拟合；此图的坐标参考系为{theirs}。</translation>
        </message>
        <message>
            <source>The model was fitted to features of other kinds than this graph's; build the graph from the same kinds of data.</source>
            <translation>该模型所拟合的特征种类与此图不同；请用相同种类的数据构建图。</translation>
        </message>
        <message>
            <source>The model was fitted to the features {ours}; this graph has {theirs}.</source>
            <translation>模型拟合时的特征为{ours}；该异构图的特征为{theirs}。</translation>
        </message>
        <message>
            <source>The model was not trained with '{name}', which is left out.</source>
            <translation>模型训练时没有“{name}”，它被略去。</translation>
        </message>
        <message>
            <source>The model was not trained with {new} of '{name}': where these lie, it knows nothing of '{name}'.</source>
            <translation>模型训练时“{name}”中没有 {new}：在这些类别所在之处，模型对“{name}”一无所知。</translation>
        </message>
        <message>
            <source>The model was trained on {count} cells without a grid, so no map can be made of sources; give a graph file.</source>
            <translation>模型是用 {count} 个没有网格的单元训练的，因此无法由数据源制图；请给出图文件。</translation>
        </message>
        <message>
            <source>The model was trained with {names}, which no source has that was given; give the sources of the training, by the same names and with the same bands.</source>
            <translation>模型训练时有 {names}，而给出的数据源中都没有；请给出训练时的数据源，名称和波段与训练时相同。</translation>
        </message>
        <message>
            <source>The model {kind} does not use these options, so they change nothing: {options}.</source>
            <translation>模型 {kind} 不使用以下选项，它们不起作用：{options}。</translation>
        </message>
        <message>
            <source>The model {kind} does not use these options, so they change nothing: {options}; {readers} does.</source>
            <translation>模型 {kind} 不使用以下选项，它们不起作用：{options}；{readers} 使用它们。</translation>
        </message>
        <message>
            <source>The model’s scale is the transformation of the values that the model was fitted on, such as the logarithm.</source>
            <translation>模型尺度是模型拟合时对数值所做的变换，例如对数。</translation>
        </message>
        <message>
            <source>The names of the columns of the table '{path}' are parted by {one}, or by {other}; keep one of them, and put names and texts with the other between quotes.</source>
            <translation>表“{path}”的列名可能以{one}分隔，也可能以{other}分隔；请只保留一种，含另一种的列名和文本请加引号。</translation>
        </message>
        <message>
            <source>The network exactly as published cannot start from an encoder; leave ENCODER empty, or unset STRICT_REFERENCE.</source>
            <translation>与发表时完全一致的网络不从编码器开始；请将ENCODER留空，或取消STRICT_REFERENCE。</translation>
        </message>
        <message>
            <source>The network reads the hypernodes {ours}, this graph has {theirs}; build the graph from the same kinds of data.</source>
            <translation>该网络读取超节点{ours}，此图为{theirs}；请用相同种类的数据构建图。</translation>
        </message>
        <message>
            <source>The network reads {ours} columns of a cell, this graph gives {theirs}; build the graph from the same kinds of data.</source>
            <translation>该网络读取每个像元的{ours}列，此图提供{theirs}列；请用相同种类的数据构建图。</translation>
        </message>
        <message>
            <source>The new points give {cells} cells to test the model, at least {least} are needed; give points in cells that were not used to fit it.</source>
            <translation>新的点只留下{cells}个单元可供检验模型，至少需要{least}个；请提供位于模型拟合时未使用的单元中的点。</translation>
        </message>
        <message>
            <source>The numbers of the report, for use in programs.</source>
            <translation>供程序读取的报告数值。</translation>
        </message>
        <message>
            <source>The observed cells lie too close together to hold out spatial blocks.</source>
            <translation>有观测值的单元彼此过近，无法留出空间分块。</translation>
        </message>
        <message>
            <source>The options must be a Config, as load_config makes one, got {value}.</source>
            <translation>选项必须是load_config所生成的Config，当前为{value}。</translation>
        </message>
        <message>
            <source>The output '{output}' is also an input ('{input}'); give the output another name.</source>
            <translation>输出“{output}”同时也是输入（“{input}”）；请为该输出另取名称。</translation>
        </message>
        <message>
            <source>The output '{output}' needs numbers in 'uncertainty.{option}'; give some.</source>
            <translation>输出“{output}”需要在“uncertainty.{option}”中给出数值；请给出。</translation>
        </message>
        <message>
            <source>The output '{path}' has a format that cannot be written; end its name with {known}.</source>
            <translation>输出“{path}”的格式无法写入；文件名应以{known}结尾。</translation>
        </message>
        <message>
            <source>The output '{path}' is a file; give a folder.</source>
            <translation>输出“{path}”是文件；请指定文件夹。</translation>
        </message>
        <message>
            <source>The output '{path}' is a folder; give a file name.</source>
            <translation>输出“{path}”是文件夹；请指定文件名。</translation>
        </message>
        <message>
            <source>The output '{path}' is not a file; GeoHG writes only files: give a file name.</source>
            <translation>输出“{path}”不是文件；GeoHG 只写入文件：请指定一个文件。</translation>
        </message>
        <message>
            <source>The output folder '{folder}' cannot be written ({reason}); choose another.</source>
            <translation>无法写入输出文件夹“{folder}”（{reason}）；请选择其他文件夹。</translation>
        </message>
        <message>
            <source>The output folder '{folder}' does not exist; create it first.</source>
            <translation>输出文件夹“{folder}”不存在；请先创建。</translation>
        </message>
        <message>
            <source>The packages could not be downloaded; connect to the internet and retry.</source>
            <translation>无法下载软件包；请连接互联网后重试。</translation>
        </message>
        <message>
            <source>The pip of this Python is too old or missing; choose a newer Python.</source>
            <translation>该Python的pip过旧或缺失；请选择较新的Python。</translation>
        </message>
        <message>
            <source>The points beside the polygons need the same field, '{name}'.</source>
            <translation>与多边形并用的点需要同名字段“{name}”。</translation>
        </message>
        <message>
            <source>The polygons with their values, their uncertainty and their own fields.</source>
            <translation>带有数值、不确定性及原有字段的多边形。</translation>
        </message>
        <message>
            <source>The positions of {owner}, such as {example}, lie far outside the area where their CRS, '{crs}', is used: {hint}.</source>
            <translation>{owner}的位置（例如{example}）远离其坐标参考系“{crs}”的使用区域：{hint}。</translation>
        </message>
        <message>
            <source>The predicted mean of each cell. The value at a place in it may differ.</source>
            <translation>每个单元的预测均值。单元内某一地点的值可能与之不同。</translation>
        </message>
        <message>
            <source>The probability of each class at a point in the cell, a band each.</source>
            <translation>单元内一点属于各类别的概率，每个类别一个波段。</translation>
        </message>
        <message>
            <source>The probability that a new measurement is above each threshold.</source>
            <translation>新测量值高于每个阈值的概率。</translation>
        </message>
        <message>
            <source>The probability that a point in the cell has another class than the map shows.</source>
            <translation>单元内一点的类别与地图所示不同的概率。</translation>
        </message>
        <message>
            <source>The proxy refused the connection; correct it under Settings &gt; Options &gt; Network, then run it again.</source>
            <translation>代理服务器拒绝了连接；请在“设置 &gt; 选项 &gt; 网络”中更正，然后重新运行。</translation>
        </message>
        <message>
            <source>The public data set</source>
            <translation>公开数据集</translation>
        </message>
        <message>
            <source>The published network ('model.strict_reference') cannot be pretrained; set it to false.</source>
            <translation>此处不支持预训练发表时的网络（“model.strict_reference”）；请将其设为false。</translation>
        </message>
        <message>
            <source>The published network ('model.strict_reference') cannot start from an encoder; leave 'model.pretrained_gnn' empty.</source>
            <translation>发表时的网络（“model.strict_reference”）不从编码器开始；请将“model.pretrained_gnn”留空。</translation>
        </message>
        <message>
            <source>The rank correlation is 1 where the order of the predictions is that of the held-out values. MAE / MAE of the mean is the mean absolute error divided by that of the mean of the training cells: 0.5 is half of it.</source>
            <translation>若预测值的次序与留出值的次序一致，秩相关系数为 1。“MAE / 均值的 MAE”是平均绝对误差除以训练单元均值的平均绝对误差：0.5 表示其一半。</translation>
        </message>
        <message>
            <source>The raster '{first}' has {bands} bands and the raster '{second}' has {others}; give tiles of one raster, with the same bands.</source>
            <translation>栅格“{first}”有 {bands} 个波段，栅格“{second}”有 {others} 个；请给出同一栅格、波段相同的图块。</translation>
        </message>
        <message>
            <source>The raster '{name}' cannot be opened: its source '{source}' is missing or unreadable; repair the layer's source, or load it again.</source>
            <translation>无法打开栅格“{name}”：其数据源“{source}”已不存在或无法读取；请修复该图层的数据源，或重新加载。</translation>
        </message>
        <message>
            <source>The raster '{name}' cannot be read: {reason}.</source>
            <translation>无法读取栅格“{name}”：{reason}。</translation>
        </message>
        <message>
            <source>The raster '{name}' does not overlap the grid; check the CRS of both and the extent.</source>
            <translation>栅格“{name}”与格网不重叠；请检查两者的CRS和范围。</translation>
        </message>
        <message>
            <source>The raster '{name}' has no CRS; assign its CRS first.</source>
            <translation>栅格“{name}”没有CRS；请先为其指定CRS。</translation>
        </message>
        <message>
            <source>The raster '{name}' has no file; give one.</source>
            <translation>栅格“{name}”没有文件；请给出一个。</translation>
        </message>
        <message>
            <source>The raster '{name}' has only missing pixels inside the grid; check it.</source>
            <translation>栅格“{name}”在格网内只有缺失像元；请检查。</translation>
        </message>
        <message>
            <source>The raster '{name}' has the same value in all cells in {count} of its {all} columns ({names}), which are left out.</source>
            <translation>栅格“{name}”的 {all} 列中有 {count} 列（{names}）在所有单元中的值都相同，已略去。</translation>
        </message>
        <message>
            <source>The raster '{name}' has {count:,} infinite pixels, or ones beyond the range of 32-bit floats, inside the grid; they are treated as missing.</source>
            <translation>栅格“{name}”在格网内有 {count:,} 个无穷大或超出 32 位浮点范围的像元；它们按缺失处理。</translation>
        </message>
        <message>
            <source>The raster '{name}' has {count:,} pixels in the area of the grid; QGIS copies up to {most:,}. Use a smaller extent, or save it as a GeoTIFF first.</source>
            <translation>栅格“{name}”在格网范围内有{count:,}个像元；QGIS最多复制{most:,}个。请使用更小的范围，或先将其另存为GeoTIFF。</translation>
        </message>
        <message>
            <source>The raster '{name}' has {count} bands, not band {band}.</source>
            <translation>栅格“{name}”有{count}个波段，没有第{band}波段。</translation>
        </message>
        <message>
            <source>The raster '{name}' is given twice, by {first} and by {second}; remove it from one, or rename one layer.</source>
            <translation>栅格“{name}”在 {first} 和 {second} 中重复给出；请从其中一处移除，或重命名其中一个图层。</translation>
        </message>
        <message>
            <source>The raster '{name}' is rotated or placed by control points, and QGIS fills its corners with 0; set the nodata value in the file (not in the layer), or warp it first.</source>
            <translation>栅格“{name}”是旋转的或由控制点定位的，QGIS 会用 0 填充其四角；请在文件中而不是在图层中设置其无数据值，或先对其进行变形（warp）。</translation>
        </message>
        <message>
            <source>The raster '{path}' cannot be dequantised: its pixels are of the type {kind}, and embeddings that were quantised are of the type int8; give the raster without dequantising it.</source>
            <translation>栅格“{path}”无法反量化：其像元类型为 {kind}，而量化的嵌入类型为 int8；请不要对该栅格反量化。</translation>
        </message>
        <message>
            <source>The raster '{path}' has complex numbers ({kind}), and no classes; give a raster of classes.</source>
            <translation>栅格“{path}”的像素是复数（{kind}），不是类别；请提供类别栅格。</translation>
        </message>
        <message>
            <source>The raster '{path}' has complex numbers ({kind}); give their amplitude or another real quantity instead.</source>
            <translation>栅格“{path}”含有复数（{kind}）；请改用其幅度或其他实数量。</translation>
        </message>
        <message>
            <source>The raster '{path}' has more than {most} different values, so it is not categorical; give a land-cover raster, or classify this one first.</source>
            <translation>栅格“{path}”有超过{most}个不同的值，因此不是分类栅格；请提供土地覆盖栅格，或先对其分类。</translation>
        </message>
        <message>
            <source>The raster '{path}' has the class {code}; classes must lie between {low} and {high}.</source>
            <translation>栅格“{path}”中有类别{code}；类别必须在{low}和{high}之间。</translation>
        </message>
        <message>
            <source>The raster '{path}' has the code {codes} in {share:.1%} of the {pixels:,} pixels that were read, and it is treated as a class.</source>
            <translation>栅格“{path}”在读取的{pixels:,}个像素中有{share:.1%}的代码为{codes}，它被当作一个类别。</translation>
        </message>
        <message>
            <source>The raster '{path}' has the code {codes} in {share:.1%} of the {pixels:,} pixels that were read, in addition to classes of ESA WorldCover; it is treated as missing.</source>
            <translation>栅格“{path}”在读取的{pixels:,}个像素中有{share:.1%}的代码为{codes}，其余均为 ESA WorldCover 的类别，它被视为缺失。</translation>
        </message>
        <message>
            <source>The raster '{path}' has {bands} bands, not band {band}.</source>
            <translation>栅格“{path}”有{bands}个波段，没有第{band}波段。</translation>
        </message>
        <message>
            <source>The raster '{path}' is not categorical: it has values such as {value}; classes must be whole numbers.</source>
            <translation>栅格“{path}”不是分类栅格：含有{value}这样的值；类别必须是整数。</translation>
        </message>
        <message>
            <source>The raster of weights '{path}' has values below 0, such as {value:g}.</source>
            <translation>权重栅格“{path}”有小于 0 的值，例如 {value:g}。</translation>
        </message>
        <message>
            <source>The rasters '{first}' and '{second}' overlap and differ in {share:.1%} of {pixels:,} pixels; the first one is used there.</source>
            <translation>栅格“{first}”与“{second}”重叠，在{pixels:,}个像素中有{share:.1%}不一致；这些地方以第一个为准。</translation>
        </message>
        <message>
            <source>The rasters ({names}) have {inside:,} pixels inside the grid, {each:,.0f} a cell, and {decoded:,} must be decoded for them, which takes about {hours:,.0f} hours; up to {most:,} are read. Give a coarser raster, such as an overview of it, or a smaller extent.</source>
            <translation>栅格（{names}）在格网内有 {inside:,} 个像元，每个单元 {each:,.0f} 个，为此必须解码 {decoded:,} 个，约需 {hours:,.0f} 小时；最多读取 {most:,} 个。请给出更粗的栅格（例如其概览），或更小的范围。</translation>
        </message>
        <message>
            <source>The readings of '{name}' lie in cells that do not exist.</source>
            <translation>“{name}”的读数位于不存在的单元中。</translation>
        </message>
        <message>
            <source>The readings of '{name}' must be finite, with x, y and value each.</source>
            <translation>“{name}”的读数必须是有限数，每个都有 x、y 和值。</translation>
        </message>
        <message>
            <source>The report as a page.</source>
            <translation>网页形式的报告。</translation>
        </message>
        <message>
            <source>The report as plain text, to copy.</source>
            <translation>纯文本形式的报告，便于复制。</translation>
        </message>
        <message>
            <source>The report cannot be written to '{path}': {reason}.</source>
            <translation>无法将报告写入“{path}”：{reason}。</translation>
        </message>
        <message>
            <source>The request has version {version}, expected {expected}.</source>
            <translation>请求的版本为{version}，应为{expected}。</translation>
        </message>
        <message>
            <source>The same errors in the unit of the values.</source>
            <translation>以数值单位表示的同样误差。</translation>
        </message>
        <message>
            <source>The same seed gives the same maps; another one gives others.</source>
            <translation>相同的种子得到相同的地图；不同的种子得到不同的地图。</translation>
        </message>
        <message>
            <source>The same seed on the same data and machine gives the same result.</source>
            <translation>在相同的数据和机器上，相同的种子得到相同的结果。</translation>
        </message>
        <message>
            <source>The sample has no target '{name}'; it has: {target}.</source>
            <translation>示例数据没有目标“{name}”；现有目标：{target}。</translation>
        </message>
        <message>
            <source>The sample is no city of the published code; leave strict_reference out.</source>
            <translation>示例数据不是发表的代码中的城市；请不要设置strict_reference。</translation>
        </message>
        <message>
            <source>The scale '{kind}' needs bounds.</source>
            <translation>尺度“{kind}”需要界限。</translation>
        </message>
        <message>
            <source>The scheduler {address}</source>
            <translation>调度器 {address} </translation>
        </message>
        <message>
            <source>The server's certificate was not accepted; set the environment variable SSL_CERT_FILE to your organisation's certificate file, and restart QGIS.</source>
            <translation>服务器的证书未被接受；请在环境变量SSL_CERT_FILE中指定贵单位的证书文件，然后重新启动QGIS。</translation>
        </message>
        <message>
            <source>The settings file '{path}' cannot be read: {reason}.</source>
            <translation>无法读取设置文件“{path}”：{reason}。</translation>
        </message>
        <message>
            <source>The settings file '{path}' is not good YAML: {reason}.</source>
            <translation>设置文件“{path}”不是有效的YAML：{reason}。</translation>
        </message>
        <message>
            <source>The settings file '{path}' must hold sections such as 'training:', each with its options, got a {kind}.</source>
            <translation>设置文件“{path}”应由“training:”这样的节组成，每节含有各自的选项，当前为{kind}。</translation>
        </message>
        <message>
            <source>The setup failed; its output below says why.</source>
            <translation>安装失败；原因见下方输出。</translation>
        </message>
        <message>
            <source>The standard deviation of a new measurement anywhere in each cell.</source>
            <translation>每个单元内任意一处新测量值的标准差。</translation>
        </message>
        <message>
            <source>The study area cannot be transformed to the grid's CRS, '{crs}'.</source>
            <translation>研究区无法转换到格网的坐标系“{crs}”。</translation>
        </message>
        <message>
            <source>The study area contains text that is not a polygon: {reason}.</source>
            <translation>研究区中有文本不是多边形：{reason}。</translation>
        </message>
        <message>
            <source>The study area has no polygons; the layer or selection is empty.</source>
            <translation>研究区没有多边形；图层或选择为空。</translation>
        </message>
        <message>
            <source>The table '{path}' cannot be read: {reason}.</source>
            <translation>无法读取表格“{path}”：{reason}。</translation>
        </message>
        <message>
            <source>The table '{path}' does not exist.</source>
            <translation>表格“{path}”不存在。</translation>
        </message>
        <message>
            <source>The table '{path}' has numbers with a decimal comma, such as '{comma}', and with a point, such as '{point}'; use one of the two in all its numbers.</source>
            <translation>表“{path}”中有的数字用逗号作小数点（如“{comma}”），有的用点（如“{point}”）；请在所有数字中统一使用一种。</translation>
        </message>
        <message>
            <source>The table '{path}' is not a CSV file in UTF-8: it is empty.</source>
            <translation>表“{path}”不是UTF-8编码的CSV文件：它是空的。</translation>
        </message>
        <message>
            <source>The table '{path}' is not a CSV file in UTF-8: {error}.</source>
            <translation>表格“{path}”不是UTF-8编码的CSV文件：{error}。</translation>
        </message>
        <message>
            <source>The table '{path}' is not a CSV file in UTF-8: {what}; save it in UTF-8.</source>
            <translation>表“{path}”不是UTF-8编码的CSV文件：{what}；请以UTF-8保存。</translation>
        </message>
        <message>
            <source>The table has no column '{name}'; it has: {known}.</source>
            <translation>表格没有列“{name}”；现有列：{known}。</translation>
        </message>
        <message>
            <source>The target '{name}' cannot be the name of a file; rename it.</source>
            <translation>目标“{name}”不能用作文件名；请重命名。</translation>
        </message>
        <message>
            <source>The target '{name}' must be {count} finite values or NaN.</source>
            <translation>目标“{name}”必须是{count}个有限值或NaN。</translation>
        </message>
        <message>
            <source>The template raster '{path}' is not north up; warp it first.</source>
            <translation>模板栅格“{path}”不是正北朝上；请先进行变形（重投影）。</translation>
        </message>
        <message>
            <source>The transform of {owner} makes no sense ({numbers}); georeference the raster again.</source>
            <translation>{owner}的仿射变换没有意义（{numbers}）；请重新对该栅格进行地理配准。</translation>
        </message>
        <message>
            <source>The upper end of the prediction interval for a new measurement.</source>
            <translation>一次新测量的预测区间的上限。</translation>
        </message>
        <message>
            <source>The validation 'groups' needs a group field; set GROUP_FIELD.</source>
            <translation>“groups”验证方式需要分组字段；请设置GROUP_FIELD。</translation>
        </message>
        <message>
            <source>The validation 'groups' needs a group for each point; name the group field, or choose another validation.</source>
            <translation>“groups”验证方式需要知道每个点所属的组；请指定分组字段，或选择其他验证方式。</translation>
        </message>
        <message>
            <source>The value field given to Build graph, or a city's file of values. Required if the graph has several.</source>
            <translation>“构建异构图”时指定的字段名称，或城市测量值文件的名称。异构图中有多个目标时必填。</translation>
        </message>
        <message>
            <source>The value fields of this run</source>
            <translation>本次运行的数值字段</translation>
        </message>
        <message>
            <source>The values are skewed ({skewness}); the transformation is {scale}.</source>
            <translation>数值偏斜（{skewness}）；变换为：{scale}。</translation>
        </message>
        <message>
            <source>The values of neighbouring held-out cells are spatially autocorrelated ({moran}).</source>
            <translation>相邻留出单元的值存在空间自相关（{moran}）。</translation>
        </message>
        <message>
            <source>The values of neighbouring held-out cells show no significant spatial autocorrelation ({moran}).</source>
            <translation>相邻留出单元的值没有显著的空间自相关（{moran}）。</translation>
        </message>
        <message>
            <source>The values of {count} polygons are not kept exactly, by up to {worst:.2g} of the usual value: they share cells with others that have other values. Make the cells smaller.</source>
            <translation>{count} 个多边形的值未能严格保持，最多相差常见值的 {worst:.2g}：它们与值不同的多边形共用像元。请缩小像元。</translation>
        </message>
        <message>
            <source>The values that new measurements are below with given probabilities.</source>
            <translation>新测量值以给定概率低于的数值。</translation>
        </message>
        <message>
            <source>The weights must be read from a file; save the layer as a GeoTIFF.</source>
            <translation>权重必须从文件读取；请把图层另存为 GeoTIFF。</translation>
        </message>
        <message>
            <source>The work folder '{folder}' cannot be written ({reason}); choose another.</source>
            <translation>工作文件夹“{folder}”无法写入（{reason}）；请另选一个。</translation>
        </message>
        <message>
            <source>The work folder '{folder}' is in use by process {process} of {host}; wait for its end, or remove '{lock}' if there is no such process.</source>
            <translation>工作文件夹“{folder}”正被 {host} 的进程 {process} 使用；请等待其结束，如果没有这样的进程，请删除“{lock}”。</translation>
        </message>
        <message>
            <source>The work folder '{folder}' is that of another run, which differs in: {names}; repeat that command, or give a new folder.</source>
            <translation>工作文件夹“{folder}”属于另一次运行，不同之处为：{names}；请重复那条命令，或指定新的文件夹。</translation>
        </message>
        <message>
            <source>The worker {address}</source>
            <translation>工作进程 {address} </translation>
        </message>
        <message>
            <source>The worker {worker} cannot open {reason}; put it where all workers see it, under the same name.</source>
            <translation>工作进程 {worker} 无法打开 {reason}；请把它放在所有工作进程都能以同一名称访问的位置。</translation>
        </message>
        <message>
            <source>The {kind} file '{path}' cannot be read: {reason}.</source>
            <translation>无法读取{kind}文件“{path}”：{reason}。</translation>
        </message>
        <message>
            <source>The {kind} file '{path}' does not exist.</source>
            <translation>{kind}文件“{path}”不存在。</translation>
        </message>
        <message>
            <source>The {kind} file '{path}' does not exist. GeoHG's files end in .safetensors, since loading a {suffix} file can run code; name the one that GeoHG wrote{such}.</source>
            <translation>{kind}文件“{path}”不存在。GeoHG 的文件以 .safetensors 结尾，因为载入 {suffix} 文件可能会运行代码；请指定 GeoHG 写出的文件{such}。</translation>
        </message>
        <message>
            <source>The {level:.0f} % bootstrap interval of the difference ({lower} to {upper}) does not include zero: {better} is better, but there are few cells.</source>
            <translation>两者之差的{level:.0f}%自助法区间（{lower}至{upper}）不包含零：就这样少的单元所能判断，{better}更好。</translation>
        </message>
        <message>
            <source>The {level:.0f} % bootstrap interval of the difference ({lower} to {upper}) does not include zero: {better} is clearly better.</source>
            <translation>两者之差的{level:.0f}%自助法区间（{lower}至{upper}）不包含零：{better}明显更好。</translation>
        </message>
        <message>
            <source>The {level:.0f} % bootstrap interval of the difference ({lower} to {upper}) includes zero: these cells do not show which method is better.</source>
            <translation>差值的{level:.0f}% Bootstrap区间（{lower}至{upper}）包含零：这些单元无法表明哪种方法更好。</translation>
        </message>
        <message>
            <source>The {level:g} % intervals contain {held:.1f} % of the {where}: {judged} ({lower:.0f} to {upper:.0f} %).</source>
            <translation>{level:g}%区间包含了{where}中{held:.1f}%的值：{judged}（{lower:.0f}%至{upper:.0f}%）。</translation>
        </message>
        <message>
            <source>The {owner} does not fit this graph: its {part} are {ours}, the graph's are {theirs}; build the graph from the same kinds of data, CRS and cell size as the {owner}'s.</source>
            <translation>{owner}与该异构图不匹配：其{part}为{ours}，而异构图为{theirs}；请使用与{owner}相同种类的数据、CRS和单元大小构建异构图。</translation>
        </message>
        <message>
            <source>Their errors are autocorrelated ({moran}): the model missed part of the spatial pattern.</source>
            <translation>其误差存在自相关（{moran}）：模型遗漏了部分空间格局。</translation>
        </message>
        <message>
            <source>Their errors are autocorrelated too ({moran}): the model missed part of the spatial pattern.</source>
            <translation>其误差同样存在自相关（{moran}）：模型遗漏了部分空间格局。</translation>
        </message>
        <message>
            <source>Their errors are not ({moran}): the model captured the spatial pattern.</source>
            <translation>其误差没有自相关（{moran}）：模型捕捉了空间格局。</translation>
        </message>
        <message>
            <source>There are no points; the layer or selection is empty.</source>
            <translation>没有点；图层或选择为空。</translation>
        </message>
        <message>
            <source>There are too few cells to estimate the uncertainty of the difference.</source>
            <translation>单元过少，无法说明这一差异有多确定。</translation>
        </message>
        <message>
            <source>There are {count} polygons and points in cells; at most {most} can be read together. Merge polygons, or map a smaller extent.</source>
            <translation>像元中共有 {count} 个多边形和点；最多可一起读取 {most} 个。请合并多边形，或缩小范围。</translation>
        </message>
        <message>
            <source>There is no CUDA device</source>
            <translation>没有CUDA设备</translation>
        </message>
        <message>
            <source>There is no Dask scheduler at {address} ({reason}); start one with 'dask scheduler', or check the address.</source>
            <translation>{address} 处没有 Dask 调度器（{reason}）；请用 dask scheduler 启动一个，或检查地址。</translation>
        </message>
        <message>
            <source>There is no MPS device</source>
            <translation>没有MPS设备</translation>
        </message>
        <message>
            <source>There is no WorldCover of {year}; choose one of {known}.</source>
            <translation>没有 {year} 年的 WorldCover；请从 {known} 中选择。</translation>
        </message>
        <message>
            <source>There is no algorithm '{name}'.</source>
            <translation>没有名为“{name}”的算法。</translation>
        </message>
        <message>
            <source>There is no encoder to freeze: name its file in 'model.pretrained_gnn', or set 'model.freeze_gnn' to false.</source>
            <translation>没有可冻结的编码器：请在“model.pretrained_gnn”中指定其文件，或将“model.freeze_gnn”设为false。</translation>
        </message>
        <message>
            <source>There is no encoder to freeze; set ENCODER to an encoder file, or unset FREEZE.</source>
            <translation>没有可保持不变的编码器；请在ENCODER中指定其文件，或取消FREEZE。</translation>
        </message>
        <message>
            <source>There is no folder '{folder}' with targets; name another, or none.</source>
            <translation>没有包含目标值的文件夹“{folder}”；请指定其他文件夹，或不指定。</translation>
        </message>
        <message>
            <source>There is no folder '{folder}'; {city} is taken from the public data set.</source>
            <translation>没有文件夹“{folder}”；{city} 取自公开数据集。</translation>
        </message>
        <message>
            <source>There is no job {job}; known are {known}.</source>
            <translation>没有任务{job}；已知的有{known}。</translation>
        </message>
        <message>
            <source>There is no land cover: the map rests on the points and what else was given. A raster of classes, or fetched ESA WorldCover, often makes it better.</source>
            <translation>没有土地覆盖：地图仅依据点和其他已给数据。提供类别栅格或下载ESA WorldCover通常会更好。</translation>
        </message>
        <message>
            <source>There is no transformation from the CRS '{source}' to the CRS '{goal}'; choose CRSs of the same area on Earth.</source>
            <translation>无法从坐标参考系“{source}”转换到“{goal}”；请选择地球上同一地点的坐标参考系。</translation>
        </message>
        <message>
            <source>There is nothing to learn from: name a graph file, or a city (data.city).</source>
            <translation>没有可学习的内容：请指定异构图文件或城市（data.city）。</translation>
        </message>
        <message>
            <source>There is nothing to predict: name a graph file, or a city (data.city), or the sources that the model was trained with.</source>
            <translation>没有可预测的内容：请指定图文件、城市（data.city），或模型训练时的数据源。</translation>
        </message>
        <message>
            <source>There is nothing to predict; set GRAPH to a graph file, or give the layers that the model was trained with.</source>
            <translation>没有可预测的内容；请将 GRAPH 设为图文件，或给出模型训练时的图层。</translation>
        </message>
        <message>
            <source>These cells are not used to fit the model; the report's accuracy is measured on them. 0 tests nothing. The validations kfold and groups ignore this: they hold out every cell once.</source>
            <translation>这些单元不用于拟合模型，报告中的精度在其上测得。0表示不检验。kfold和groups忽略此项：它们将每个单元各留出一次。</translation>
        </message>
        <message>
            <source>These classes have a single point each: {names}. Whether they are predicted well cannot be tested; merge them with classes that they resemble, or leave them out.</source>
            <translation>这些类别各只有一个点：{names}。无法检验预测得好不好；请与相近的类别合并，或者去掉。</translation>
        </message>
        <message>
            <source>These figures are on the paper's scale.</source>
            <translation>以上数字采用论文的尺度。</translation>
        </message>
        <message>
            <source>These figures are on the paper’s scale.</source>
            <translation>以下数字采用论文的尺度。</translation>
        </message>
        <message>
            <source>These figures are on the paper’s scale: {formula}, standardised by the training cells.</source>
            <translation>以上数字采用论文的尺度：{formula}，并用训练单元标准化。</translation>
        </message>
        <message>
            <source>They contain {held:.1f} % of the {where}: {judged} ({lower:.0f} to {upper:.0f} %).</source>
            <translation>它们包含了{where}中{held:.1f}%的值：{judged}（{lower:.0f}%至{upper:.0f}%）。</translation>
        </message>
        <message>
            <source>Third quartile</source>
            <translation>第三四分位数</translation>
        </message>
        <message>
            <source>This Linux is too old for PyTorch, which needs glibc 2.28; use one of 2019 or later.</source>
            <translation>此Linux版本过旧，PyTorch需要glibc 2.28；请使用2019年或之后的版本。</translation>
        </message>
        <message>
            <source>This model needs double precision, which MPS devices lack</source>
            <translation>此模型需要双精度，而MPS设备不支持</translation>
        </message>
        <message>
            <source>This model reads all cells of a map at once</source>
            <translation>该模型一次读取地图的所有单元</translation>
        </message>
        <message>
            <source>This needs the package '{name}'; install it with: pip install {name}</source>
            <translation>这需要软件包“{name}”；请安装：pip install {name}</translation>
        </message>
        <message>
            <source>This request needs the part '{name}'.</source>
            <translation>此请求需要“{name}”部分。</translation>
        </message>
        <message>
            <source>Threads</source>
            <translation>线程数</translation>
        </message>
        <message>
            <source>Thresholds</source>
            <translation>阈值</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>时间</translation>
        </message>
        <message>
            <source>To repeat this run</source>
            <translation>如何重复此次运行</translation>
        </message>
        <message>
            <source>To work without network, get the data set elsewhere and name its folder in data.prebuilt_dir and data.downstream_dir, or the folder that holds {graphs} and {targets} in the environment variable GEOHG_DATA.</source>
            <translation>若要离线工作，请从别处获取数据集，并在data.prebuilt_dir和data.downstream_dir中指定其文件夹，或在环境变量GEOHG_DATA中指定含有{graphs}和{targets}的文件夹。</translation>
        </message>
        <message>
            <source>Train model</source>
            <translation>训练模型</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>已知单元</translation>
        </message>
        <message>
            <source>Training and time</source>
            <translation>训练与用时</translation>
        </message>
        <message>
            <source>Training diverged at epoch {epoch}; use a smaller learning rate.</source>
            <translation>训练在第{epoch}轮发散；请使用更小的学习率。</translation>
        </message>
        <message>
            <source>Training epochs</source>
            <translation>训练轮数</translation>
        </message>
        <message>
            <source>Training loss</source>
            <translation>训练损失</translation>
        </message>
        <message>
            <source>Training loss and validation metric by epoch</source>
            <translation>各轮次的训练损失与验证指标</translation>
        </message>
        <message>
            <source>Training loss and validation metric by epoch. The dashed line marks the epoch whose model was kept.</source>
            <translation>各轮次的训练损失与验证指标。虚线标出所采用模型的轮次。</translation>
        </message>
        <message>
            <source>Training of gnn ends after this many passes over the training cells, or earlier.</source>
            <translation>如果此前未停止，gnn模型在达到该轮数后结束。</translation>
        </message>
        <message>
            <source>Training of gnn stops after this many epochs without improvement.</source>
            <translation>gnn模型在连续这么多轮没有改善后停止。</translation>
        </message>
        <message>
            <source>Training on a toy graph</source>
            <translation>正在小型图上试训练</translation>
        </message>
        <message>
            <source>Training report</source>
            <translation>训练报告</translation>
        </message>
        <message>
            <source>Training the encoder</source>
            <translation>正在训练编码器</translation>
        </message>
        <message>
            <source>Training, epoch {epoch}</source>
            <translation>正在训练，第{epoch}轮</translation>
        </message>
        <message>
            <source>Training.</source>
            <translation>训练</translation>
        </message>
        <message>
            <source>Trains a network that starts from a pretrained encoder.</source>
            <translation>从预训练的编码器开始训练网络。</translation>
        </message>
        <message>
            <source>Trains the encoder, the part of the network that describes cells, without measured values. Each cell's description becomes similar to those of its neighbours and of the most similar cells, and different from others. Train model can start from the encoder file, with the same network options.

This makes the models gnn and deepkernel more stable where few cells have measurements. The model propagation rarely benefits.</source>
            <translation>在没有任何测量值的情况下，训练网络中描述单元的部分，即编码器：使每个单元靠近其相邻单元和与之最相似的单元，远离其他单元。“训练模型”可以从该编码器文件开始，网络选项须相同。

在有测量值的单元较少时，它能使gnn和deepkernel模型更稳定。propagation模型很少从中受益。</translation>
        </message>
        <message>
            <source>Trains the network's encoder on a graph, without measured values.</source>
            <translation>在异构图上训练网络的编码器，无需任何测量值。</translation>
        </message>
        <message>
            <source>Transformation applied before modelling, for example log; auto chooses one from the data. The paper's cities have one of their own: paper, for carbon paper-carbon.</source>
            <translation>建模前对数值所做的变换，例如 log；auto 根据数据选择。论文中的城市有专用的变换：paper，碳为 paper-carbon。</translation>
        </message>
        <message>
            <source>Transformation of the value</source>
            <translation>值的变换</translation>
        </message>
        <message>
            <source>Tree cover</source>
            <translation>树木覆盖</translation>
        </message>
        <message>
            <source>Trust this in {share:.0f} % of the area; in the rest, grey in the layer of the area of applicability, nothing like it was measured.</source>
            <translation>这在{share:.0f}%的区域可信；其余区域（适用范围图层中的灰色部分）没有类似的测量。</translation>
        </message>
        <message>
            <source>Try again later, or give land-cover rasters of your own.</source>
            <translation>请稍后重试，或提供您自己的土地覆盖栅格。</translation>
        </message>
        <message>
            <source>Turns points, land cover and POIs into a graph file. Neighbouring cells are linked, and each cell is linked to its land-cover classes and POI categories, weighted by their shares. Train, Evaluate and Predict read this file.</source>
            <translation>将点、土地覆盖和POI转换为异构图文件：相邻的单元彼此相连，每个单元按比例与其中的土地覆盖类别和POI类别相连。“训练模型”、“评估模型”和“预测”读取该文件。</translation>
        </message>
        <message>
            <source>Two fields of {owner} are called '{name}'; rename or remove one.</source>
            <translation>{owner}有两个名为“{name}”的字段；请重命名或删除其中一个。</translation>
        </message>
        <message>
            <source>Two layers are called '{name}'; give each a name of its own, such as {example}.</source>
            <translation>有两个图层都叫“{name}”；请给每个图层各自的名称，例如 {example}。</translation>
        </message>
        <message>
            <source>Two layers of DISTANCE_LAYERS are called '{name}'; rename one, or merge them.</source>
            <translation>DISTANCE_LAYERS 中有两个图层都叫“{name}”；请重命名其中一个，或将两者合并。</translation>
        </message>
        <message>
            <source>Two outputs share the file '{path}'; give each its own name.</source>
            <translation>有两个输出共用文件“{path}”；请为它们分别命名。</translation>
        </message>
        <message>
            <source>Type: {what}. Default: {value}.</source>
            <translation>类型：{what}。默认值：{value}。</translation>
        </message>
        <message>
            <source>Type: {what}. Optional.</source>
            <translation>类型：{what}。可选。</translation>
        </message>
        <message>
            <source>Type: {what}. Required.</source>
            <translation>类型：{what}。必填。</translation>
        </message>
        <message>
            <source>US survey foot</source>
            <translation>美国测量英尺</translation>
        </message>
        <message>
            <source>Uncertainty</source>
            <translation>不确定性</translation>
        </message>
        <message>
            <source>Uncertainty of the prediction</source>
            <translation>预测的不确定性</translation>
        </message>
        <message>
            <source>Unit of the value</source>
            <translation>数值的单位</translation>
        </message>
        <message>
            <source>Unit of the values</source>
            <translation>数值的单位</translation>
        </message>
        <message>
            <source>Up to 20 points where a new measurement would make the map the most certain, with their rank: one after the other, what those before would tell is taken into account, so that they spread out. Each has the standard deviation there and the per cent of the map's variance that a measurement takes away. Networks cannot tell it.</source>
            <translation>最多 20 个点，在那里新测量最能减少地图的不确定性，并带有排名：逐个选取，已考虑前面各点所能说明的内容，因此彼此分散。每个点带有该处的标准差，以及一次测量所消除的地图方差的百分比。网络模型无法给出。</translation>
        </message>
        <message>
            <source>Upper bound</source>
            <translation>上界</translation>
        </message>
        <message>
            <source>Validation</source>
            <translation>验证方式</translation>
        </message>
        <message>
            <source>Validation {metric}</source>
            <translation>验证{metric}</translation>
        </message>
        <message>
            <source>Value field</source>
            <translation>值字段</translation>
        </message>
        <message>
            <source>Value field of the new points</source>
            <translation>新点的数值字段</translation>
        </message>
        <message>
            <source>Value field: {field}</source>
            <translation>数值字段：{field}</translation>
        </message>
        <message>
            <source>Value fields</source>
            <translation>值字段</translation>
        </message>
        <message>
            <source>Value to predict</source>
            <translation>要预测的值</translation>
        </message>
        <message>
            <source>Values are alike up to about {distance}.</source>
            <translation>数值在约 {distance} 内相似。</translation>
        </message>
        <message>
            <source>Values far from the others</source>
            <translation>远离其他值的数值</translation>
        </message>
        <message>
            <source>Values of polygons are</source>
            <translation>多边形的值是</translation>
        </message>
        <message>
            <source>Values of polygons are not read on the scale '{kind}'; use auto.</source>
            <translation>多边形的值不能用尺度“{kind}”读取；请用 auto。</translation>
        </message>
        <message>
            <source>Values of polygons give no '{output}'; leave 'outputs.{output}' out.</source>
            <translation>多边形的值不能给出“{output}”；请去掉“outputs.{output}”。</translation>
        </message>
        <message>
            <source>Values, such as a legal limit, of which the probability of exceeding each is told; several with commas between them, such as 25,50. A threshold beyond all measured values is allowed.</source>
            <translation>给出超过这些值（例如法定限值）的概率；多个值用逗号分隔，例如 25,50。允许超出所有测量值的阈值。</translation>
        </message>
        <message>
            <source>Values.</source>
            <translation>数值</translation>
        </message>
        <message>
            <source>Variable</source>
            <translation>变量</translation>
        </message>
        <message>
            <source>Variance that near cells do not share</source>
            <translation>相邻单元不共有的方差</translation>
        </message>
        <message>
            <source>Version</source>
            <translation>版本</translation>
        </message>
        <message>
            <source>Waiting for a worker of the Dask scheduler</source>
            <translation>正在等待 Dask 调度器的工作进程</translation>
        </message>
        <message>
            <source>Waiting for another job of GeoHG to end.</source>
            <translation>正在等待GeoHG的另一项任务结束。</translation>
        </message>
        <message>
            <source>Wall time by stage, in seconds.</source>
            <translation>各阶段用时（秒）</translation>
        </message>
        <message>
            <source>Warnings</source>
            <translation>警告</translation>
        </message>
        <message>
            <source>Warns where a simpler method predicts better than GeoHG.</source>
            <translation>当较简单的方法预测得比GeoHG更好时发出警告。</translation>
        </message>
        <message>
            <source>Weights of cells</source>
            <translation>像元权重</translation>
        </message>
        <message>
            <source>What is known of the ground</source>
            <translation>地面的已知信息</translation>
        </message>
        <message>
            <source>What is said of held-out points holds in {share} of the map, its area of applicability; elsewhere the ground, or the distance to the points, is another than theirs.</source>
            <translation>以上关于留出点的结论适用于图上{share}的范围，即适用范围；其他地方的地面状况或与点的距离与它们不同。</translation>
        </message>
        <message>
            <source>What the data are</source>
            <translation>数据是什么</translation>
        </message>
        <message>
            <source>What the figures mean</source>
            <translation>这些数字的含义</translation>
        </message>
        <message>
            <source>What the model reads of the ground, in networks as nodes that link cells: land-cover classes and POI categories (all), only one of these (entity, poi), or neither (mono).</source>
            <translation>模型读取的地面信息（在网络中为连接单元的节点）：土地覆盖类别和兴趣点类别（all）、仅其一（entity、poi）或都不读（mono）。</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>操作</translation>
        </message>
        <message>
            <source>What was held out are polygons: here each “cell” with a value is one of {count} polygons, and the errors are those of their values.</source>
            <translation>这里留出的是多边形：每个有值的“单元”是 {count} 个多边形之一，误差是多边形的值的误差。</translation>
        </message>
        <message>
            <source>What was read</source>
            <translation>读取的内容</translation>
        </message>
        <message>
            <source>Where a new measurement would make the map the most certain, by rank, and the per cent of the map's variance that it takes away.</source>
            <translation>新测量最能减少地图不确定性的位置，按排名；以及一次测量所消除的地图方差的百分比。</translation>
        </message>
        <message>
            <source>Where nothing was measured, the map is typically off by about {typical}.</source>
            <translation>在没有测量的地方，地图通常偏差约{typical}。</translation>
        </message>
        <message>
            <source>Where nothing was measured, the map is typically off by about {typical}; in about {held:.0f} of 100 places a new measurement lies within {within} of it.</source>
            <translation>在没有测量的地方，地图通常偏差约{typical}；每100处中约有{held:.0f}处，新测量值与地图相差不超过{within}。</translation>
        </message>
        <message>
            <source>Where the engine runs</source>
            <translation>引擎的运行位置</translation>
        </message>
        <message>
            <source>Where to compute; auto uses a GPU if there is one.</source>
            <translation>计算所用的设备；auto在有GPU时使用GPU。</translation>
        </message>
        <message>
            <source>Where to measure next</source>
            <translation>接下来在哪里测量</translation>
        </message>
        <message>
            <source>Where to measure next is told by the default model alone, which knows how cells go together; choose 'propagation', or leave that output out.</source>
            <translation>只有默认模型能说明接下来在哪里测量，因为它知道各单元如何相关；请选择“propagation”，或不要该输出。</translation>
        </message>
        <message>
            <source>Where whole blocks were held out, far from measured points, it is right in {ours}; the nearest in {nearest}, the forest in {forest}.</source>
            <translation>在整块留出、远离测量点的地方，正确的占 {ours}；最近邻为 {nearest}，随机森林为 {forest}。</translation>
        </message>
        <message>
            <source>Whether a map can be made</source>
            <translation>是否可以制图</translation>
        </message>
        <message>
            <source>Whether the cells of each polygon add up to exactly its total; otherwise they do so within its noise.</source>
            <translation>每个多边形的像元相加是否严格等于其总和；否则在噪声范围内相等。</translation>
        </message>
        <message>
            <source>Whether the models gnn and deepkernel use the coordinates of the cells.</source>
            <translation>gnn和deepkernel模型是否使用单元的坐标。</translation>
        </message>
        <message>
            <source>Whether the report tells what the prediction rests on. Without it the run is faster, and the report leaves this section out.</source>
            <translation>报告是否说明预测所依据的内容。不计算时运行更快，报告中也不含该节。</translation>
        </message>
        <message>
            <source>Which column names the zones of '{kind}'? Give it as (polygons, 'column'); they have: {known}.</source>
            <translation>“{kind}”的分区由哪一列命名？请写成 (polygons, 'column')；现有列：{known}。</translation>
        </message>
        <message>
            <source>Why no map can be made</source>
            <translation>为什么不能制图</translation>
        </message>
        <message>
            <source>Width</source>
            <translation>宽度</translation>
        </message>
        <message>
            <source>Width of the embeddings of the model gnn. More channels can learn more but are slower.</source>
            <translation>gnn模型的嵌入宽度；越大能学到的越多，也越慢。</translation>
        </message>
        <message>
            <source>Widths of the hidden layers before the output of the model gnn, for example 64,32.</source>
            <translation>gnn模型输出之前各隐藏层的宽度，例如64,32。</translation>
        </message>
        <message>
            <source>With Dask, for clusters</source>
            <translation>包含 Dask（用于集群）</translation>
        </message>
        <message>
            <source>With a value</source>
            <translation>有数值</translation>
        </message>
        <message>
            <source>WorldCover cannot be fetched from '{address}' ({reason}); check the network and its proxy (in QGIS: Settings &gt; Options &gt; Network).</source>
            <translation>无法从“{address}”获取WorldCover（{reason}）；请检查网络及其代理（在QGIS中：设置 &gt; 选项 &gt; 网络）。</translation>
        </message>
        <message>
            <source>WorldCover {year} has no land cover between {west:g} and {east:g} degrees of longitude and {south:g} and {north:g} degrees of latitude; check the extent and its CRS, or work without land cover.</source>
            <translation>WorldCover {year}在经度{west:g}°至{east:g}°、纬度{south:g}°至{north:g}°之间没有土地覆盖；请检查范围及其CRS，或不使用土地覆盖。</translation>
        </message>
        <message>
            <source>Worth a look</source>
            <translation>值得一看</translation>
        </message>
        <message>
            <source>Writing the graph</source>
            <translation>正在写出异构图</translation>
        </message>
        <message>
            <source>Writing the model</source>
            <translation>正在写出模型</translation>
        </message>
        <message>
            <source>Writing the results</source>
            <translation>正在写出结果</translation>
        </message>
        <message>
            <source>X has the columns {given}; give x and y alone, or with these after them: {known}.</source>
            <translation>X 的列为{given}；请只给出 x 和 y，或在其后给出：{known}。</translation>
        </message>
        <message>
            <source>Yeo-Johnson</source>
            <translation>Yeo-Johnson变换</translation>
        </message>
        <message>
            <source>Zone name field</source>
            <translation>分区名称字段</translation>
        </message>
        <message>
            <source>Zones</source>
            <translation>分区</translation>
        </message>
        <message>
            <source>Zones need a field with their names; set ZONES_FIELD.</source>
            <translation>分区需要名称字段；请设置 ZONES_FIELD。</translation>
        </message>
        <message>
            <source>a code for no position</source>
            <translation>表示无位置的代码</translation>
        </message>
        <message>
            <source>a model of classes needs their names, and no other has them.</source>
            <translation>类别模型必须有类别名称，其他模型则没有。</translation>
        </message>
        <message>
            <source>a number</source>
            <translation>数字</translation>
        </message>
        <message>
            <source>a text</source>
            <translation>文本</translation>
        </message>
        <message>
            <source>a whole number</source>
            <translation>整数</translation>
        </message>
        <message>
            <source>above {value}</source>
            <translation>高于{value}</translation>
        </message>
        <message>
            <source>aliases are not read</source>
            <translation>不支持读取别名</translation>
        </message>
        <message>
            <source>all at one place, as where positions were filled in</source>
            <translation>都在同一处，像是填充的位置</translation>
        </message>
        <message>
            <source>always</source>
            <translation>始终生成</translation>
        </message>
        <message>
            <source>area of applicability: 1 inside, 0 outside</source>
            <translation>适用范围：1为范围内，0为范围外</translation>
        </message>
        <message>
            <source>as expected</source>
            <translation>符合预期</translation>
        </message>
        <message>
            <source>as far from measurements as the map’s cells</source>
            <translation>离测量值的距离与本图单元相同</translation>
        </message>
        <message>
            <source>as in the paper</source>
            <translation>与论文相同</translation>
        </message>
        <message>
            <source>as in the paper, for carbon</source>
            <translation>与论文相同（碳）</translation>
        </message>
        <message>
            <source>ask for rasters</source>
            <translation>改为输出栅格</translation>
        </message>
        <message>
            <source>attention (GATv2Conv)</source>
            <translation>注意力（GATv2Conv）</translation>
        </message>
        <message>
            <source>bars</source>
            <translation>竖线</translation>
        </message>
        <message>
            <source>below {value}</source>
            <translation>低于{value}</translation>
        </message>
        <message>
            <source>by default</source>
            <translation>默认生成</translation>
        </message>
        <message>
            <source>cell size {size} {unit}</source>
            <translation>单元大小{size} {unit}</translation>
        </message>
        <message>
            <source>cell sizes</source>
            <translation>单元大小</translation>
        </message>
        <message>
            <source>cells whose land-cover shares were put back under their classes</source>
            <translation>个单元的土地覆盖比例已归回各自的类别</translation>
        </message>
        <message>
            <source>cells with new points</source>
            <translation>有新点的单元</translation>
        </message>
        <message>
            <source>check which columns are x and y, and the CRS</source>
            <translation>请检查哪些列是x和y，以及坐标参考系</translation>
        </message>
        <message>
            <source>check,validation,quality,duplicates,outliers,missing values,crs,cell size,variogram,statistics,points,raster</source>
            <translation>检查,验证,质量,重复,离群值,缺失值,坐标系,单元大小,变异函数,统计,点,栅格</translation>
        </message>
        <message>
            <source>choose the default model, 'propagation', without an encoder</source>
            <translation>选用默认模型“propagation”，不用编码器</translation>
        </message>
        <message>
            <source>chosen by GeoHG</source>
            <translation>由GeoHG选择</translation>
        </message>
        <message>
            <source>class {code}</source>
            <translation>类别{code}</translation>
        </message>
        <message>
            <source>classes and POIs</source>
            <translation>类别和POI</translation>
        </message>
        <message>
            <source>classes or categories with links but no column of shares</source>
            <translation>有连接但没有份额列的类别</translation>
        </message>
        <message>
            <source>classification,classes,categorical,soil map,soil type,land use,indicator kriging,probability,confusion matrix,kappa,machine learning,random forest,interpolation</source>
            <translation>分类,类别,分类变量,土壤图,土壤类型,土地利用,指示克里金,概率,混淆矩阵,kappa,机器学习,随机森林,插值</translation>
        </message>
        <message>
            <source>commas</source>
            <translation>逗号</translation>
        </message>
        <message>
            <source>computes in an engine of its own: about {download} MB to download, {disk:.1f} GB on disk, some minutes.</source>
            <translation>在独立的引擎中计算：约需下载{download} MB，占用磁盘{disk:.1f} GB，耗时几分钟。</translation>
        </message>
        <message>
            <source>contrastive loss</source>
            <translation>对比损失</translation>
        </message>
        <message>
            <source>coords has {count} rows and groups {groups}; give as many.</source>
            <translation>coords有{count}行，groups有{groups}行；行数应相同。</translation>
        </message>
        <message>
            <source>coords must have two columns, x and y, got {columns}.</source>
            <translation>coords必须有x和y两列，当前有{columns}列。</translation>
        </message>
        <message>
            <source>correct or remove them, their digits may be wrong</source>
            <translation>请更正或删除，其数字可能有误</translation>
        </message>
        <message>
            <source>cpu, {cores} cores, {total:.1f} GB memory, {free:.1f} GB free</source>
            <translation>cpu，{cores}个核心，内存{total:.1f} GB，可用{free:.1f} GB</translation>
        </message>
        <message>
            <source>cross-validation,validation,spatial blocks,accuracy,idw,kriging,random forest,gnn,comparison,benchmark,covariate,elevation</source>
            <translation>交叉验证,验证,空间分块,精度,反距离加权,克里金,随机森林,比较,协变量,高程,idw,kriging,random forest,gnn,benchmark</translation>
        </message>
        <message>
            <source>crs</source>
            <translation>CRS</translation>
        </message>
        <message>
            <source>cuda needs an NVIDIA graphics card with a driver for CUDA 13, and far more disk space.</source>
            <translation>cuda需要NVIDIA显卡和支持CUDA 13的驱动程序，并占用多得多的磁盘空间。</translation>
        </message>
        <message>
            <source>deep kernel (deepkernel)</source>
            <translation>深度核（deepkernel）</translation>
        </message>
        <message>
            <source>degree</source>
            <translation>度</translation>
        </message>
        <message>
            <source>diagnostics,report,bug,help,version,engine,environment,support</source>
            <translation>诊断,报告,错误,帮助,版本,引擎,环境,支持,diagnostics</translation>
        </message>
        <message>
            <source>dissimilarity: 1 is the threshold</source>
            <translation>差异度：1为阈值</translation>
        </message>
        <message>
            <source>districts,zonal statistics,aggregate,mean,total,threshold,probability</source>
            <translation>行政区,分区统计,聚合,均值,总和,阈值,概率</translation>
        </message>
        <message>
            <source>does not start</source>
            <translation>无法启动</translation>
        </message>
        <message>
            <source>encoder</source>
            <translation>编码器</translation>
        </message>
        <message>
            <source>example,model,graphical model,model designer,workflow,chain</source>
            <translation>示例,模型,图形化模型,模型构建器,工作流,流程,example,model</translation>
        </message>
        <message>
            <source>exit code {number}</source>
            <translation>退出代码 {number}</translation>
        </message>
        <message>
            <source>extent</source>
            <translation>范围</translation>
        </message>
        <message>
            <source>feature {numbers}</source>
            <translation>要素{numbers}</translation>
        </message>
        <message>
            <source>features</source>
            <translation>特征</translation>
        </message>
        <message>
            <source>features {numbers}</source>
            <translation>要素{numbers}</translation>
        </message>
        <message>
            <source>field</source>
            <translation>字段</translation>
        </message>
        <message>
            <source>file</source>
            <translation>文件</translation>
        </message>
        <message>
            <source>file (.{suffix})</source>
            <translation>文件（.{suffix}）</translation>
        </message>
        <message>
            <source>folder</source>
            <translation>文件夹</translation>
        </message>
        <message>
            <source>foot</source>
            <translation>英尺</translation>
        </message>
        <message>
            <source>gnn,graph,neural network,training,machine learning</source>
            <translation>图神经网络,异构图,神经网络,训练,机器学习,gnn,graph</translation>
        </message>
        <message>
            <source>gnn,graph,prediction,raster,map</source>
            <translation>图神经网络,异构图,预测,栅格,地图,gnn,graph</translation>
        </message>
        <message>
            <source>gnn,graph,self-supervised,contrastive,pretraining,embedding,encoder</source>
            <translation>图神经网络,异构图,自监督,对比学习,预训练,嵌入,编码器,gnn,encoder</translation>
        </message>
        <message>
            <source>gnn,validation,accuracy,rmse,r2,test,report</source>
            <translation>图神经网络,验证,精度,检验,报告,gnn,rmse,r2</translation>
        </message>
        <message>
            <source>graph</source>
            <translation>异构图</translation>
        </message>
        <message>
            <source>graph,gnn,city,csv,import,public data,benchmark</source>
            <translation>异构图,图神经网络,城市,公开数据,导入,csv,gnn,benchmark</translation>
        </message>
        <message>
            <source>graph,gnn,land cover,worldcover,poi,grid,zonal,class shares,covariate,elevation,dem,embedding,zones,distance</source>
            <translation>异构图,图神经网络,土地覆盖,兴趣点,格网,分区统计,类别比例,协变量,高程,嵌入,分区,距离,graph,gnn,worldcover,poi,dem</translation>
        </message>
        <message>
            <source>groups</source>
            <translation>分组</translation>
        </message>
        <message>
            <source>has no venv and pip (Debian and Ubuntu: python3-venv)</source>
            <translation>没有venv和pip（Debian和Ubuntu：python3-venv）</translation>
        </message>
        <message>
            <source>held-out blocks</source>
            <translation>留出分块</translation>
        </message>
        <message>
            <source>held-out groups</source>
            <translation>留出分组</translation>
        </message>
        <message>
            <source>if a file is named</source>
            <translation>指定文件时</translation>
        </message>
        <message>
            <source>inside the area of applicability</source>
            <translation>适用范围之内</translation>
        </message>
        <message>
            <source>install that for QGIS's Python, or let the engine run in a separate process (GEOHG_RUN_IN, or Settings &gt; Options &gt; GeoHG)</source>
            <translation>请为QGIS的Python安装，或让引擎在独立进程中运行（GEOHG_RUN_IN，或“设置 &gt; 选项 &gt; GeoHG”）</translation>
        </message>
        <message>
            <source>install,setup,engine,pytorch,torch,python,environment,repair,cuda</source>
            <translation>安装,设置,引擎,环境,修复,install,setup,pytorch,torch,python,cuda</translation>
        </message>
        <message>
            <source>interpolation,gnn,graph,neural network,idw,kriging,land cover,worldcover,poi,machine learning,prediction,raster,covariate,predictor,elevation,dem,ndvi,embedding,zones,distance</source>
            <translation>插值,异构图,图神经网络,神经网络,反距离加权,克里金,土地覆盖,兴趣点,机器学习,预测,栅格,协变量,高程,嵌入,分区,距离,gnn,idw,kriging,worldcover,poi,dem,ndvi</translation>
        </message>
        <message>
            <source>is Python {version}, and 3.10 to 3.13 will do</source>
            <translation>版本为{version}，而需要3.10至3.13</translation>
        </message>
        <message>
            <source>is a 32-bit Python, and PyTorch needs 64 bits</source>
            <translation>是32位版本，而PyTorch需要64位</translation>
        </message>
        <message>
            <source>is not a Python, and was not started</source>
            <translation>不是Python，未启动</translation>
        </message>
        <message>
            <source>is not a program</source>
            <translation>不是可执行程序</translation>
        </message>
        <message>
            <source>is not called python</source>
            <translation>文件名不是python</translation>
        </message>
        <message>
            <source>is older than 3.10</source>
            <translation>低于3.10版本</translation>
        </message>
        <message>
            <source>is propagation with a network's embedding of the cells as additional features</source>
            <translation>是以网络的单元嵌入作为附加特征的propagation</translation>
        </message>
        <message>
            <source>is the paper's heterogeneous graph neural network</source>
            <translation>为论文中的异构图神经网络</translation>
        </message>
        <message>
            <source>it has more than {most} KB</source>
            <translation>超过{most} KB</translation>
        </message>
        <message>
            <source>it has the byte {byte:#x}, as files in Latin-1 or GBK do</source>
            <translation>其中有字节{byte:#x}，如Latin-1或GBK编码的文件</translation>
        </message>
        <message>
            <source>it is in UTF-16</source>
            <translation>它是UTF-16编码</translation>
        </message>
        <message>
            <source>it is nested too deeply</source>
            <translation>嵌套过深</translation>
        </message>
        <message>
            <source>its cells lie nowhere in its CRS.</source>
            <translation>其像元在其坐标参考系中没有位置。</translation>
        </message>
        <message>
            <source>its classes are not those that it names.</source>
            <translation>其类别与所列名称不符。</translation>
        </message>
        <message>
            <source>its groups or its order name other cells than it has.</source>
            <translation>其分组或顺序中出现了它没有的像元。</translation>
        </message>
        <message>
            <source>its plane lies nowhere in its CRS.</source>
            <translation>其平面在其坐标参考系中没有位置。</translation>
        </message>
        <message>
            <source>its worker is gone</source>
            <translation>其工作进程已消失</translation>
        </message>
        <message>
            <source>kilometre</source>
            <translation>千米</translation>
        </message>
        <message>
            <source>lacks {packages}</source>
            <translation>缺少{packages}</translation>
        </message>
        <message>
            <source>land cover classes</source>
            <translation>土地覆盖类别</translation>
        </message>
        <message>
            <source>land-cover classes only</source>
            <translation>仅土地覆盖类别</translation>
        </message>
        <message>
            <source>layer normalisation</source>
            <translation>层归一化</translation>
        </message>
        <message>
            <source>leave them out</source>
            <translation>不使用它们</translation>
        </message>
        <message>
            <source>links to POI categories that no line names added</source>
            <translation>条没有任何行提及的POI类别连接已补上</translation>
        </message>
        <message>
            <source>links to classes below a cell's three largest added</source>
            <translation>条未列入单元前三大类别的连接已补上</translation>
        </message>
        <message>
            <source>logarithm</source>
            <translation>对数</translation>
        </message>
        <message>
            <source>mean</source>
            <translation>平均值</translation>
        </message>
        <message>
            <source>mean of the cells</source>
            <translation>单元的均值</translation>
        </message>
        <message>
            <source>mean: the average of the cells by area, for values such as a concentration, a rate or a density. total: the sum of the cells, for values that are counts of a cell, such as people; a cell on the edge counts with its share inside.</source>
            <translation>mean：按面积计算像元的平均值，适用于浓度、比率或密度等数值。total：像元之和，适用于每个像元的计数（如人口）；边缘像元按其位于多边形内的比例计入。</translation>
        </message>
        <message>
            <source>measured cells</source>
            <translation>有测量值的单元</translation>
        </message>
        <message>
            <source>metre</source>
            <translation>米</translation>
        </message>
        <message>
            <source>misfit of the model</source>
            <translation>模型失配</translation>
        </message>
        <message>
            <source>model</source>
            <translation>模型</translation>
        </message>
        <message>
            <source>neighbours given in one direction only joined both ways</source>
            <translation>条只有单向的相邻关系已补为双向</translation>
        </message>
        <message>
            <source>neither</source>
            <translation>都不用</translation>
        </message>
        <message>
            <source>network of the paper (gnn)</source>
            <translation>论文中的网络（gnn）</translation>
        </message>
        <message>
            <source>new points</source>
            <translation>新的点</translation>
        </message>
        <message>
            <source>no</source>
            <translation>否</translation>
        </message>
        <message>
            <source>no answer; check the network connection</source>
            <translation>没有响应；网络是否连通？</translation>
        </message>
        <message>
            <source>no land cover</source>
            <translation>无土地覆盖</translation>
        </message>
        <message>
            <source>no transformation</source>
            <translation>不变换</translation>
        </message>
        <message>
            <source>none</source>
            <translation>无</translation>
        </message>
        <message>
            <source>number</source>
            <translation>数字</translation>
        </message>
        <message>
            <source>numbers</source>
            <translation>数字</translation>
        </message>
        <message>
            <source>of 2020</source>
            <translation>2020年</translation>
        </message>
        <message>
            <source>of 2021</source>
            <translation>2021年</translation>
        </message>
        <message>
            <source>one random share held out</source>
            <translation>随机留出一部分</translation>
        </message>
        <message>
            <source>ordinary kriging</source>
            <translation>普通克里金</translation>
        </message>
        <message>
            <source>outside the area of applicability</source>
            <translation>适用范围之外</translation>
        </message>
        <message>
            <source>outside the extent</source>
            <translation>位于范围之外</translation>
        </message>
        <message>
            <source>outside the study area</source>
            <translation>位于研究区之外</translation>
        </message>
        <message>
            <source>plain mean (SAGEConv)</source>
            <translation>普通平均（SAGEConv）</translation>
        </message>
        <message>
            <source>poi categories</source>
            <translation>POI类别</translation>
        </message>
        <message>
            <source>point layer</source>
            <translation>点图层</translation>
        </message>
        <message>
            <source>polygon layer</source>
            <translation>多边形图层</translation>
        </message>
        <message>
            <source>processor (CPU)</source>
            <translation>处理器（CPU）</translation>
        </message>
        <message>
            <source>propagates the features over the graph and fits a Gaussian process to them</source>
            <translation>在异构图上传播特征，并对其拟合高斯过程</translation>
        </message>
        <message>
            <source>propagation over the graph</source>
            <translation>图上传播</translation>
        </message>
        <message>
            <source>random</source>
            <translation>随机</translation>
        </message>
        <message>
            <source>random folds</source>
            <translation>随机分折</translation>
        </message>
        <message>
            <source>random held-out cells</source>
            <translation>随机留出单元</translation>
        </message>
        <message>
            <source>raster</source>
            <translation>栅格</translation>
        </message>
        <message>
            <source>raster layer</source>
            <translation>栅格图层</translation>
        </message>
        <message>
            <source>raster layers</source>
            <translation>栅格图层（可多个）</translation>
        </message>
        <message>
            <source>rasters</source>
            <translation>栅格</translation>
        </message>
        <message>
            <source>remove</source>
            <translation>移除</translation>
        </message>
        <message>
            <source>repeated POI lines dropped</source>
            <translation>行重复的POI已去除</translation>
        </message>
        <message>
            <source>repeated links dropped</source>
            <translation>条重复的连接已去除</translation>
        </message>
        <message>
            <source>row {numbers}</source>
            <translation>第{numbers}行</translation>
        </message>
        <message>
            <source>rows {numbers}</source>
            <translation>第{numbers}行</translation>
        </message>
        <message>
            <source>run Processing Toolbox &gt; GeoHG &gt; Set up the engine (geohg:setupengine)</source>
            <translation>请运行“工具箱 &gt; GeoHG &gt; 安装引擎”（geohg:setupengine）</translation>
        </message>
        <message>
            <source>sections with keys</source>
            <translation>含有键的节</translation>
        </message>
        <message>
            <source>semicolons</source>
            <translation>分号</translation>
        </message>
        <message>
            <source>sentinels of {name} set missing</source>
            <translation>个{name}的占位值已设为缺失</translation>
        </message>
        <message>
            <source>set up anew</source>
            <translation>重新安装</translation>
        </message>
        <message>
            <source>set up or repair</source>
            <translation>安装或修复</translation>
        </message>
        <message>
            <source>setup: make the environment, or repair or renew it if needed; again: always make it anew; remove: delete it.</source>
            <translation>setup：创建环境，如已损坏或版本不同则修复或更新；again：无论如何都重新创建；remove：删除。</translation>
        </message>
        <message>
            <source>signal {number}</source>
            <translation>信号{number}</translation>
        </message>
        <message>
            <source>signal {number}, {name}</source>
            <translation>信号{number}，{name}</translation>
        </message>
        <message>
            <source>small network (GINEConv)</source>
            <translation>小型网络（GINEConv）</translation>
        </message>
        <message>
            <source>spatial blocks</source>
            <translation>空间分块</translation>
        </message>
        <message>
            <source>standard deviation</source>
            <translation>标准差</translation>
        </message>
        <message>
            <source>submit must be called in the main thread, to which the layers belong.</source>
            <translation>submit必须在图层所属的主线程中调用。</translation>
        </message>
        <message>
            <source>tabs</source>
            <translation>制表符</translation>
        </message>
        <message>
            <source>tags such as {tag} are not read</source>
            <translation>不支持读取{tag}之类的标签</translation>
        </message>
        <message>
            <source>text</source>
            <translation>文本</translation>
        </message>
        <message>
            <source>texts</source>
            <translation>文本</translation>
        </message>
        <message>
            <source>the POIs</source>
            <translation>POI</translation>
        </message>
        <message>
            <source>the decimal point of x or y looks moved</source>
            <translation>x或y的小数点似乎移位了</translation>
        </message>
        <message>
            <source>the environment variable GEOHG_PYTHON</source>
            <translation>环境变量GEOHG_PYTHON</translation>
        </message>
        <message>
            <source>the geometries</source>
            <translation>几何图形</translation>
        </message>
        <message>
            <source>the grid</source>
            <translation>格网</translation>
        </message>
        <message>
            <source>the key {key} stands twice</source>
            <translation>键{key}出现了两次</translation>
        </message>
        <message>
            <source>the kind of model {kind!r} is unknown.</source>
            <translation>模型种类{kind!r}未知。</translation>
        </message>
        <message>
            <source>the longitudes look shifted by a whole turn; move them by {turn:g}</source>
            <translation>经度似乎偏移了一整圈；请将其移动{turn:g}</translation>
        </message>
        <message>
            <source>the map’s gaps, moved</source>
            <translation>移到别处的地图空白区</translation>
        </message>
        <message>
            <source>the mean of the training cells</source>
            <translation>训练单元的均值</translation>
        </message>
        <message>
            <source>the name of a file</source>
            <translation>文件名</translation>
        </message>
        <message>
            <source>the one held-out cell</source>
            <translation>唯一的留出单元</translation>
        </message>
        <message>
            <source>the places</source>
            <translation>地点</translation>
        </message>
        <message>
            <source>the points</source>
            <translation>点</translation>
        </message>
        <message>
            <source>the polygons</source>
            <translation>多边形</translation>
        </message>
        <message>
            <source>the published network has no encoder.</source>
            <translation>已发表的网络没有编码器。</translation>
        </message>
        <message>
            <source>the random forest</source>
            <translation>随机森林</translation>
        </message>
        <message>
            <source>the raster '{path}'</source>
            <translation>栅格“{path}”</translation>
        </message>
        <message>
            <source>the raster cannot be created</source>
            <translation>无法生成栅格</translation>
        </message>
        <message>
            <source>the server answered {status}</source>
            <translation>服务器返回{status}</translation>
        </message>
        <message>
            <source>the sign of x or y looks wrong</source>
            <translation>x或y的正负号似乎有误</translation>
        </message>
        <message>
            <source>the study area</source>
            <translation>研究区</translation>
        </message>
        <message>
            <source>the template raster '{path}'</source>
            <translation>模板栅格“{path}”</translation>
        </message>
        <message>
            <source>the tensor '{name}' has the shape {got}, not {expected}.</source>
            <translation>张量“{name}”的形状为{got}，而不是{expected}。</translation>
        </message>
        <message>
            <source>the tensor '{name}' has the type {got}, not {expected}.</source>
            <translation>张量“{name}”的类型为{got}，而不是{expected}。</translation>
        </message>
        <message>
            <source>the tensor '{name}' holds {value}, which it must not.</source>
            <translation>张量“{name}”中有不允许的值{value}。</translation>
        </message>
        <message>
            <source>the tensor '{name}' is missing.</source>
            <translation>缺少张量“{name}”。</translation>
        </message>
        <message>
            <source>the tensor '{name}' is not what it was.</source>
            <translation>张量“{name}”与原来不同。</translation>
        </message>
        <message>
            <source>the tensor '{name}' is unknown.</source>
            <translation>张量“{name}”未知。</translation>
        </message>
        <message>
            <source>the tensor '{name}' must rise from 0 to below {most}.</source>
            <translation>张量“{name}”必须从0起递增，且小于{most}。</translation>
        </message>
        <message>
            <source>the tensor '{name}' names no column.</source>
            <translation>张量“{name}”指向不存在的列。</translation>
        </message>
        <message>
            <source>the tensor '{name}' names no group.</source>
            <translation>张量“{name}”指向不存在的组。</translation>
        </message>
        <message>
            <source>the user's folder for local data</source>
            <translation>用户的本地数据文件夹</translation>
        </message>
        <message>
            <source>the version</source>
            <translation>版本</translation>
        </message>
        <message>
            <source>the {cells:,} cells of the held-out blocks</source>
            <translation>留出分块的{cells:,}个单元</translation>
        </message>
        <message>
            <source>the {cells:,} cells of the held-out groups</source>
            <translation>留出分组的{cells:,}个单元</translation>
        </message>
        <message>
            <source>the {cells:,} cells with new points</source>
            <translation>{cells:,}个有新点的单元</translation>
        </message>
        <message>
            <source>the {cells:,} held-out cells</source>
            <translation>{cells:,}个留出单元</translation>
        </message>
        <message>
            <source>they look like codes for no position; remove them, or leave their positions empty</source>
            <translation>它们看起来是表示无位置的代码；请将其删除，或将位置留空</translation>
        </message>
        <message>
            <source>they look like degrees and minutes written together, as 4830.5 for 48° 30.5'; turn them into decimal degrees</source>
            <translation>它们看起来是连写的度和分，如4830.5表示48° 30.5'；请换算为十进制度</translation>
        </message>
        <message>
            <source>they look like degrees; give the CRS that they are in, such as EPSG:4326, or if they are metres of a plot, a CRS of its own</source>
            <translation>它们看起来是度；请给出其坐标参考系，例如EPSG:4326；若是样地内的米，请给出其自己的坐标参考系</translation>
        </message>
        <message>
            <source>they look like metres, or degrees and minutes written together; give the CRS that they are in, or decimal degrees</source>
            <translation>它们看起来是米，或连写的度和分；请给出其坐标参考系，或给出十进制度</translation>
        </message>
        <message>
            <source>they look like metres; give the CRS that they are in</source>
            <translation>它们看起来是米；请给出其坐标参考系</translation>
        </message>
        <message>
            <source>too narrow there, less than expected</source>
            <translation>此处区间过窄，低于预期</translation>
        </message>
        <message>
            <source>total of the cells</source>
            <translation>单元的总量</translation>
        </message>
        <message>
            <source>true or false</source>
            <translation>true或false</translation>
        </message>
        <message>
            <source>usable</source>
            <translation>可用</translation>
        </message>
        <message>
            <source>used</source>
            <translation>已采用</translation>
        </message>
        <message>
            <source>validation mae</source>
            <translation>验证MAE</translation>
        </message>
        <message>
            <source>validation r2</source>
            <translation>验证R2</translation>
        </message>
        <message>
            <source>validation rmse</source>
            <translation>验证RMSE</translation>
        </message>
        <message>
            <source>vector layer</source>
            <translation>矢量图层</translation>
        </message>
        <message>
            <source>vector layers</source>
            <translation>矢量图层</translation>
        </message>
        <message>
            <source>weighted mean (GraphConv)</source>
            <translation>加权平均（GraphConv）</translation>
        </message>
        <message>
            <source>whole groups of points</source>
            <translation>按点的分组</translation>
        </message>
        <message>
            <source>whole numbers</source>
            <translation>整数</translation>
        </message>
        <message>
            <source>wider than needed there, more than expected</source>
            <translation>此处区间过宽，高于预期</translation>
        </message>
        <message>
            <source>without a position</source>
            <translation>没有位置</translation>
        </message>
        <message>
            <source>without a value</source>
            <translation>没有值</translation>
        </message>
        <message>
            <source>x and y look exchanged</source>
            <translation>x和y似乎颠倒了</translation>
        </message>
        <message>
            <source>x and y look exchanged; give the easting as x and the northing as y</source>
            <translation>x和y似乎颠倒了；请将东坐标作为x，北坐标作为y</translation>
        </message>
        <message>
            <source>x and y look exchanged; give the longitude as x and the latitude as y</source>
            <translation>x和y似乎颠倒了；请将经度作为x，纬度作为y</translation>
        </message>
        <message>
            <source>x {x:.10g}, y {y:.10g}</source>
            <translation>x {x:.10g}，y {y:.10g}</translation>
        </message>
        <message>
            <source>y has no classes: {reason}</source>
            <translation>y 中没有类别：{reason}</translation>
        </message>
        <message>
            <source>yes</source>
            <translation>是</translation>
        </message>
        <message>
            <source>yes or no</source>
            <translation>是或否</translation>
        </message>
        <message>
            <source>{bare} observed cells have no land cover.</source>
            <translation>{bare}个有观测值的单元没有土地覆盖。</translation>
        </message>
        <message>
            <source>{bare} observed cells have no value of '{name}'.</source>
            <translation>{bare} 个有观测的单元没有“{name}”的值。</translation>
        </message>
        <message>
            <source>{beside} cells beside measured ones have no land cover, nor a value of another raster; they are predicted from what is around them, and without land cover they lie outside the area of applicability.</source>
            <translation>测量单元旁有 {beside} 个单元既没有土地覆盖，也没有其他栅格的值；它们由周围的情况预测，没有土地覆盖的单元位于适用范围之外。</translation>
        </message>
        <message>
            <source>{cells} cells contain no centre of a land-cover pixel and take the class at their own centre; the cells are smaller than the land-cover pixels.</source>
            <translation>{cells}个单元内没有土地覆盖像元的中心，改用单元中心处的类别；单元小于土地覆盖的像元。</translation>
        </message>
        <message>
            <source>{cells} observed cells are too few, or too similar, to be split for training and early stopping; add points.</source>
            <translation>{cells}个有观测值的单元过少或过于相似，无法一部分用于训练、另一部分用于决定何时停止；请增加点。</translation>
        </message>
        <message>
            <source>{cells} observed cells cannot be split into {folds} folds; use fewer folds (training.folds).</source>
            <translation>{cells}个有观测值的单元无法分为{folds}折留出；请减少折数（training.folds）。</translation>
        </message>
        <message>
            <source>{city} has no target '{task}'; it has: {known}.{hint}</source>
            <translation>{city}没有目标“{task}”；现有目标：{known}。{hint}</translation>
        </message>
        <message>
            <source>{city}: {cells:,} cells, {near:,} near edges, {landcover:,} land-cover and {poi:,} POI links each way.</source>
            <translation>{city}：{cells:,}个单元，{near:,}条相邻边，每个方向{landcover:,}条土地覆盖连接和{poi:,}条POI连接。</translation>
        </message>
        <message>
            <source>{city}: {number:,} {fault}.</source>
            <translation>{city}：{number:,}{fault}。</translation>
        </message>
        <message>
            <source>{cols} columns × {rows} rows</source>
            <translation>{cols}列 × {rows}行</translation>
        </message>
        <message>
            <source>{count:,} cells have a class; a random {most:,} of them are read. Use larger cells to have all of them read.</source>
            <translation>{count:,} 个单元有类别；随机读取其中 {most:,} 个。要全部读取，请使用更大的单元。</translation>
        </message>
        <message>
            <source>{count} cells</source>
            <translation>{count}个单元</translation>
        </message>
        <message>
            <source>{count} classes</source>
            <translation>{count} 个类别</translation>
        </message>
        <message>
            <source>{count} features of '{name}' have no geometry and were left out.</source>
            <translation>“{name}”中有{count}个要素没有几何图形，已排除。</translation>
        </message>
        <message>
            <source>{count} hours</source>
            <translation>{count}小时</translation>
        </message>
        <message>
            <source>{count} minutes</source>
            <translation>{count}分钟</translation>
        </message>
        <message>
            <source>{count} of the cells with new points are predicted without their old value.</source>
            <translation>有新点的单元中有{count}个在不使用旧值的情况下预测。</translation>
        </message>
        <message>
            <source>{count} of the cells with new points were left out: the model was fitted to them and cannot predict them without their old value.</source>
            <translation>有新点的单元中有{count}个被排除：模型拟合时用过这些单元，无法给出不使用其旧值时的预测。</translation>
        </message>
        <message>
            <source>{count} of the {total} points lie {away:,.0f} km from all others ({rows}, such as {position}{looks}), and the map reaches to them; leave them out if they are mistakes.</source>
            <translation>{total}个点中有{count}个与其余各点相距{away:,.0f}公里（{rows}，例如{position}{looks}），而地图延伸到了那里；若有误，请将其去掉。</translation>
        </message>
        <message>
            <source>{count} of the {total} points lie {away:,.0f} km from all others ({rows}, such as {position}{looks}); correct or remove them, or say what the map should cover: give an extent, a study area or a template raster.</source>
            <translation>{total}个点中有{count}个与其余各点相距{away:,.0f}公里（{rows}，例如{position}{looks}）；请更正或删除，或说明地图应覆盖何处：给出范围、研究区或模板栅格。</translation>
        </message>
        <message>
            <source>{count} of the {total} positions of {owner} are infinite ({rows}); correct or remove them.</source>
            <translation>{owner}的{total}个位置中有{count}个为无穷大（{rows}）；请更正或删除。</translation>
        </message>
        <message>
            <source>{count} of the {total} positions of {owner} are not longitudes (x, {west:g} to {east:g}) and latitudes (y, {south:g} to {north:g}), such as {example}: {hint}.</source>
            <translation>{owner}的{total}个位置中有{count}个不是经度（x，{west:g}至{east:g}）和纬度（y，{south:g}至{north:g}），例如{example}：{hint}。</translation>
        </message>
        <message>
            <source>{count} of the {total} positions of {owner} lie outside the area of their CRS, '{crs}', such as {example}: correct or remove them, or check the CRS.</source>
            <translation>{owner}的{total}个位置中有{count}个在其坐标参考系“{crs}”中没有位置，例如{example}：请更正或删除，或检查坐标参考系。</translation>
        </message>
        <message>
            <source>{count} pairs of polygons of '{name}' overlap by up to {percent:.0f} % of the smaller; the cells there must fit the values of both.</source>
            <translation>“{name}”有 {count} 对多边形重叠，最多占较小者的 {percent:.0f} %；那里的像元必须同时符合两者的值。</translation>
        </message>
        <message>
            <source>{count} places have no class: they have no position, or lie where nothing is known of the ground; leave them out, or use predict_proba, which gives NaN.</source>
            <translation>{count} 个位置没有类别：它们没有坐标，或位于地面信息未知之处；请去掉它们，或使用给出 NaN 的 predict_proba。</translation>
        </message>
        <message>
            <source>{count} places have no prediction: they lie outside the map, and a model that was loaded from a file knows land cover and other features in the cells of its map alone. Predict with the interpolator that was fitted, or fit a map that holds these places.</source>
            <translation>{count} 个位置没有预测值：它们位于地图之外，而从文件载入的模型只知道其地图单元内的土地覆盖和其他特征。请用拟合时的插值器进行预测，或拟合一幅包含这些位置的地图。</translation>
        </message>
        <message>
            <source>{count} places have no prediction: they lie outside the map, where nothing is known of the ground.</source>
            <translation>{count}个位置没有预测：它们在地图之外，那里的地面情况未知。</translation>
        </message>
        <message>
            <source>{count} points share a position with another one; at {differing} positions the values differ, which is taken for the error of measurement.</source>
            <translation>{count} 个点与其他点位置相同；其中 {differing} 个位置的数值不同，这被当作测量误差。</translation>
        </message>
        <message>
            <source>{count} points {reason} were left out.</source>
            <translation>{count}个点因{reason}已排除。</translation>
        </message>
        <message>
            <source>{count} polygons are smaller than a cell; what they tell is told of the cells that they lie in. Make the cells smaller.</source>
            <translation>{count} 个多边形小于一个像元；它们的值被视为所在像元的值。请缩小像元。</translation>
        </message>
        <message>
            <source>{count} polygons are told by at most {most} of their cells each. Two halves of these cells say that the deviation of their means is off by {typical:.1f} % on average, and by {worst:.1f} % at the most.</source>
            <translation>{count} 个多边形各由至多 {most} 个像元代表。这些像元的两半表明，其均值的标准差平均偏差 {typical:.1f} %，最多 {worst:.1f} %。</translation>
        </message>
        <message>
            <source>{count} polygons have more than {most} cells; the deviation of each is that of {most} cells all over it. Two halves of these cells say that it is off by {typical:.1f} % on average, and by {worst:.1f} % at the most.</source>
            <translation>{count} 个多边形的像元多于 {most} 个；其标准差由遍布其中的 {most} 个像元得出。由这些像元的两半估计，误差平均为 {typical:.1f} %，最大为 {worst:.1f} %。</translation>
        </message>
        <message>
            <source>{count} polygons have no value in '{name}', and tell nothing.</source>
            <translation>{count} 个多边形在“{name}”中没有值，不提供信息。</translation>
        </message>
        <message>
            <source>{count} polygons have no weight above 0 in any cell; give a raster that covers them.</source>
            <translation>{count} 个多边形的任何像元都没有大于 0 的权重；请给出覆盖它们的栅格。</translation>
        </message>
        <message>
            <source>{count} polygons have values that the scale '{kind}' has no place for, such as {value:g}; set 'model.transform' to auto, or correct the values.</source>
            <translation>{count} 个多边形的值不适用于尺度“{kind}”，例如 {value:g}；请把“model.transform”设为 auto，或更正这些值。</translation>
        </message>
        <message>
            <source>{count} polygons lie in the cells of the map in part; their values are taken for those of these parts.</source>
            <translation>{count} 个多边形只有一部分位于地图的像元内；其值被视为这些部分的值。</translation>
        </message>
        <message>
            <source>{count} polygons of '{name}' are invalid and were repaired.</source>
            <translation>“{name}”中有 {count} 个多边形无效，已修复。</translation>
        </message>
        <message>
            <source>{count} polygons of '{name}' have no geometry, and get no value.</source>
            <translation>“{name}”中有 {count} 个多边形没有几何图形，因此没有数值。</translation>
        </message>
        <message>
            <source>{count} polygons of '{name}' lie outside the map, and get no value.</source>
            <translation>“{name}”中有 {count} 个多边形位于地图之外，因此没有数值。</translation>
        </message>
        <message>
            <source>{count} polygons or points with different values are needed at least, got {found}.</source>
            <translation>至少需要 {count} 个值不同的多边形或点，得到 {found} 个。</translation>
        </message>
        <message>
            <source>{count} seconds</source>
            <translation>{count}秒</translation>
        </message>
        <message>
            <source>{count} values lie far from the others ({rows}): correct them if they are mistakes; a map follows them.</source>
            <translation>{count} 个数值远离其他值（{rows}）：若是错误请改正；地图会跟随它们。</translation>
        </message>
        <message>
            <source>{count} values of '{field}' are {code:g}, far from the others ({low:g} to {high:g}); if this code means missing, set these values to null.</source>
            <translation>“{field}”中有{count}个值为{code:g}，远离其他值（{low:g}至{high:g}）；若它表示缺失，请改为空值。</translation>
        </message>
        <message>
            <source>{count} values of '{name}' lie outside the bounds {low:g} to {high:g}, such as {value:g}; correct or leave out these values, or change 'model.bounds'.</source>
            <translation>“{name}”有 {count} 个值超出界限 {low:g} 至 {high:g}，例如 {value:g}；请更正或去掉这些值，或者修改“model.bounds”。</translation>
        </message>
        <message>
            <source>{count} workers ended while they made block {number} ({reason}); if memory was short, use fewer workers.</source>
            <translation>{count} 个工作进程在计算区块 {number} 时终止（{reason}）；如果内存不足，请减少工作进程的数量。</translation>
        </message>
        <message>
            <source>{death} after it gave its result, so its outputs may be incomplete</source>
            <translation>{death}，且发生在给出结果之后，因此输出可能不完整</translation>
        </message>
        <message>
            <source>{death}.</source>
            <translation>{death}。</translation>
        </message>
        <message>
            <source>{death}. Its last output:</source>
            <translation>{death}。最后的输出：</translation>
        </message>
        <message>
            <source>{done:,} of {total:,} cells</source>
            <translation>已完成 {done:,} / {total:,} 个单元</translation>
        </message>
        <message>
            <source>{done:,} of {total:,} cells, about {time} left</source>
            <translation>已完成 {done:,} / {total:,} 个单元，大约还需 {time}</translation>
        </message>
        <message>
            <source>{empty} of {cells} cells have neither land cover nor points and get no prediction.</source>
            <translation>{cells}个单元中有{empty}个既没有土地覆盖也没有点，未作预测。</translation>
        </message>
        <message>
            <source>{fault}; computing on the CPU instead.</source>
            <translation>{fault}；改用CPU计算。</translation>
        </message>
        <message>
            <source>{field} has numbers such as '{example}'; use a decimal point, and no thousands separator.</source>
            <translation>{field}中有“{example}”这样的数字；请用小数点书写，千位之间不加任何符号。</translation>
        </message>
        <message>
            <source>{field} has the number {example}, which is too large; correct or remove it.</source>
            <translation>{field}含有数字 {example}，它过大；请更正或删除。</translation>
        </message>
        <message>
            <source>{field} has {infinite} infinite values; remove or null them.</source>
            <translation>{field}有{infinite}个无穷值；请将其删除或设为空值。</translation>
        </message>
        <message>
            <source>{field} holds dates or times (such as {example}); choose a field with numbers.</source>
            <translation>{field}含有日期或时间（例如 {example}）；请选择含有数字的字段。</translation>
        </message>
        <message>
            <source>{field} holds text (such as '{example}'); choose a field with numbers.</source>
            <translation>{field}存放的是文本（例如“{example}”）；请选择数值字段。</translation>
        </message>
        <message>
            <source>{free:.1f} GB free</source>
            <translation>剩余{free:.1f} GB</translation>
        </message>
        <message>
            <source>{kind}, from {low:.9g}</source>
            <translation>{kind}，不小于{low:.9g}</translation>
        </message>
        <message>
            <source>{kind}, {low:.9g} to {high:.9g}</source>
            <translation>{kind}，{low:.9g}至{high:.9g}</translation>
        </message>
        <message>
            <source>{label}: lower bound ({level:g} %)</source>
            <translation>{label}：下界（{level:g}%）</translation>
        </message>
        <message>
            <source>{label}: probability above {limit:.12g}</source>
            <translation>{label}：高于 {limit:.12g} 的概率</translation>
        </message>
        <message>
            <source>{label}: simulation {number}</source>
            <translation>{label}：模拟 {number}</translation>
        </message>
        <message>
            <source>{label}: standard deviation</source>
            <translation>{label}：标准差</translation>
        </message>
        <message>
            <source>{label}: upper bound ({level:g} %)</source>
            <translation>{label}：上界（{level:g}%）</translation>
        </message>
        <message>
            <source>{label}: {share:.12g} % quantile</source>
            <translation>{label}：{share:.12g} % 分位数</translation>
        </message>
        <message>
            <source>{lower} to {upper}</source>
            <translation>{lower}至{upper}</translation>
        </message>
        <message>
            <source>{memory}, driver {driver}</source>
            <translation>{memory}，驱动程序{driver}</translation>
        </message>
        <message>
            <source>{message} That is one of the {blocks} blocks of the map in which it is so.</source>
            <translation>{message}地图中有 {blocks} 块如此，这是其中一块。</translation>
        </message>
        <message>
            <source>{method} is right clearly more often than GeoHG: use it instead.</source>
            <translation>{method} 明显比 GeoHG 更常正确：请改用它。</translation>
        </message>
        <message>
            <source>{missing} of the observed cells have no finite value; leave them out.</source>
            <translation>有观测值的单元中有{missing}个不是有限值；请将其排除。</translation>
        </message>
        <message>
            <source>{missing} points have no group in '{name}'; give them groups, or leave them out.</source>
            <translation>{missing}个点在“{name}”中没有分组；请指定其分组，或将其排除。</translation>
        </message>
        <message>
            <source>{mixed} cells contain points of several groups; each cell gets the group of most of its points.</source>
            <translation>{mixed}个单元含有多个组的点；各单元归入其中点数最多的组。</translation>
        </message>
        <message>
            <source>{name} ({unit})</source>
            <translation>{name}（{unit}）</translation>
        </message>
        <message>
            <source>{name}, mean</source>
            <translation>{name}，均值</translation>
        </message>
        <message>
            <source>{name}, mean ({unit})</source>
            <translation>{name}，均值（{unit}）</translation>
        </message>
        <message>
            <source>{name}, share of the POIs</source>
            <translation>{name}，占POI的比例</translation>
        </message>
        <message>
            <source>{name}, share of the cell</source>
            <translation>{name}，占单元的比例</translation>
        </message>
        <message>
            <source>{name}…</source>
            <translation>{name}…</translation>
        </message>
        <message>
            <source>{observed:,} cells are observed. About {memory} of memory ({free} are free) and at most {time} are needed; networks stop early when they no longer improve.</source>
            <translation>{observed:,}个单元有观测值。约需内存{memory}（可用{free}），用时至多{time}；网络不再改善时会提前停止。</translation>
        </message>
        <message>
            <source>{observed:,} cells are observed. About {memory} of memory ({free} are free) and {time} are needed.</source>
            <translation>{observed:,}个单元有观测值。约需内存{memory}（可用{free}），用时{time}。</translation>
        </message>
        <message>
            <source>{observed} of {cells} cells have measurements.</source>
            <translation>{cells}个单元中有{observed}个有测量值。</translation>
        </message>
        <message>
            <source>{origin} sets another Python, which is used instead of this one: {path}</source>
            <translation>{origin}指定了另一个Python，将代替此环境使用：{path}</translation>
        </message>
        <message>
            <source>{owner} cannot be read: {error}</source>
            <translation>无法读取{owner}：{error}</translation>
        </message>
        <message>
            <source>{owner} has ground control points and no transform; warp it first.</source>
            <translation>{owner}只有地面控制点，没有仿射变换；请先对其进行校正（warp）。</translation>
        </message>
        <message>
            <source>{owner} has more than {most} MB, so it is no request.</source>
            <translation>{owner}超过{most} MB，因此不是请求。</translation>
        </message>
        <message>
            <source>{owner} has no CRS; assign one first.</source>
            <translation>{owner}没有坐标参考系；请先为其指定。</translation>
        </message>
        <message>
            <source>{owner} has no city '{city}'; it has: {known}.{hint} A city of your own is a folder under data.prebuilt_dir.</source>
            <translation>{owner}没有城市“{city}”；现有城市：{known}。{hint}您自己的城市应为data.prebuilt_dir下的一个文件夹。</translation>
        </message>
        <message>
            <source>{owner} has no georeference, such as a world file; georeference it first.</source>
            <translation>{owner}没有地理参考（例如坐标文件）；请先进行地理配准。</translation>
        </message>
        <message>
            <source>{owner} has rational polynomials (RPC) and no transform; warp it first.</source>
            <translation>{owner}只有有理多项式（RPC），没有仿射变换；请先对其进行校正（warp）。</translation>
        </message>
        <message>
            <source>{owner} has {bands} bands to read, and elevations are one band; choose a band.</source>
            <translation>{owner}有 {bands} 个波段要读取，而高程是一个波段；请选择一个波段。</translation>
        </message>
        <message>
            <source>{owner} have no field '{name}'; they have: {known}.</source>
            <translation>{owner}没有字段“{name}”；现有字段：{known}。</translation>
        </message>
        <message>
            <source>{owner} is not JSON in UTF-8: {reason}.</source>
            <translation>{owner}不是UTF-8编码的JSON：{reason}。</translation>
        </message>
        <message>
            <source>{owner} is stored in blocks of {width:,} x {height:,} pixels, each of which needs {size:.1f} GiB of memory to be read; store it in tiles first, such as with gdal_translate -co TILED=YES.</source>
            <translation>{owner}以{width:,} x {height:,}像素的块存储，读取每块需要{size:.1f} GiB内存；请先将其存为分块格式，例如使用gdal_translate -co TILED=YES。</translation>
        </message>
        <message>
            <source>{owner} looks like a continuous quantity, such as elevation or a hillshade: it has {count} values or more, and neighbouring pixels differ often and by little; give a raster of classes, or classify this one first. If its values are classes all the same, give it a colour table, and not one of greys.</source>
            <translation>{owner}看起来是连续量，例如高程或山体阴影：它至少有{count}个不同的值，且相邻像素常常略有差异；请提供类别栅格，或先对它进行分类。如果其值确实是类别，请为它添加颜色表，且不能是灰度的。</translation>
        </message>
        <message>
            <source>{owner} looks like a picture: its bands are red, green and blue, not classes; give the raster of classes itself. If band {band} does contain classes, save it as a separate raster.</source>
            <translation>{owner}看起来是一幅图片：其波段是红、绿、蓝，而不是类别；请提供类别栅格本身。如果波段{band}确实是类别，请将其另存为单独的栅格。</translation>
        </message>
        <message>
            <source>{parameter} takes {due}, and '{name}' is none; remove it.</source>
            <translation>{parameter} 只接受{due}，而“{name}”不是；请将其移除。</translation>
        </message>
        <message>
            <source>{path} {fault}.</source>
            <translation>“{path}”{fault}。</translation>
        </message>
        <message>
            <source>{percent:.0f} % of the cells lie outside the area of applicability: their surroundings, or their distance to measurements, differ too much from those of the cells with measurements. The accuracy on held-out cells does not apply there.</source>
            <translation>{percent:.0f}%的单元位于适用范围之外：它们的周围环境或与测量处的距离，与有测量值的单元差异过大。留出单元上的精度不适用于这些单元。</translation>
        </message>
        <message>
            <source>{percent:.0f} % of the map’s cells lie farther from measurements than any held-out cell; the accuracy there may be lower than the expected one.</source>
            <translation>地图中有 {percent:.0f} % 的单元比任何留出单元都更远离测量值；那里的精度可能低于预期精度。</translation>
        </message>
        <message>
            <source>{process} has no {name}, and here is {ours}; install {name} {ours} there.</source>
            <translation>{process}没有 {name}，而此处为 {ours}；请在那里安装 {name} {ours}。</translation>
        </message>
        <message>
            <source>{process} has {name} {theirs}, and here is {ours}; install the same version in both places.</source>
            <translation>{process}的 {name} 为 {theirs}，而此处为 {ours}；请在两处安装相同的版本。</translation>
        </message>
        <message>
            <source>{remedy} ({detail})</source>
            <translation>{remedy}（{detail}）</translation>
        </message>
        <message>
            <source>{remedy} and undo this choice, or choose another Python</source>
            <translation>{remedy}并撤销此选择，或选择其他Python</translation>
        </message>
        <message>
            <source>{report}: {target}</source>
            <translation>{report}：{target}</translation>
        </message>
        <message>
            <source>{role} has multipoints; give one point a row, as explode makes them.</source>
            <translation>{role} 含有多点；请每行给出一个点，例如用 explode 拆分。</translation>
        </message>
        <message>
            <source>{role} has {rows} rows and {name} {others}; give as many.</source>
            <translation>{role} 有{rows}行，而 {name} 有{others}行；行数应相同。</translation>
        </message>
        <message>
            <source>{role} is not a table of numbers; its rows have different lengths.</source>
            <translation>{role}不是数字表；其各行长度不同。</translation>
        </message>
        <message>
            <source>{role} must have one or two axes, got {axes}.</source>
            <translation>{role}必须有一个或两个轴，当前有{axes}个。</translation>
        </message>
        <message>
            <source>{role} must have two columns, x and y, or more, got {columns}.</source>
            <translation>{role} 必须至少有 x 和 y 两列，得到{columns}列。</translation>
        </message>
        <message>
            <source>{share:.1f} %</source>
            <translation>{share:.1f}%</translation>
        </message>
        <message>
            <source>{size:.1f} GB</source>
            <translation>{size:.1f} GB</translation>
        </message>
        <message>
            <source>{target} (paper’s scale)</source>
            <translation>{target}（论文的尺度）</translation>
        </message>
        <message>
            <source>{target}, by GeoHG ({model}) from {observed} of {cells} cells, seed {seed}</source>
            <translation>{target}，由GeoHG（{model}）根据{cells}个单元中的{observed}个生成，种子{seed}</translation>
        </message>
        <message>
            <source>{target}: area of applicability</source>
            <translation>{target}：适用范围</translation>
        </message>
        <message>
            <source>{target}: cells</source>
            <translation>{target}：格网单元</translation>
        </message>
        <message>
            <source>{target}: classes</source>
            <translation>{target}：类别</translation>
        </message>
        <message>
            <source>{target}: contours</source>
            <translation>{target}：等值线</translation>
        </message>
        <message>
            <source>{target}: dissimilarity</source>
            <translation>{target}：不相似度</translation>
        </message>
        <message>
            <source>{target}: lower bound ({level} %)</source>
            <translation>{target}：下界（{level}%）</translation>
        </message>
        <message>
            <source>{target}: lower end of the interval</source>
            <translation>{target}：区间下限</translation>
        </message>
        <message>
            <source>{target}: polygons</source>
            <translation>{target}：多边形</translation>
        </message>
        <message>
            <source>{target}: prediction</source>
            <translation>{target}：预测值</translation>
        </message>
        <message>
            <source>{target}: probability of each class</source>
            <translation>{target}：各类别的概率</translation>
        </message>
        <message>
            <source>{target}: probability of exceeding thresholds</source>
            <translation>{target}：超过阈值的概率</translation>
        </message>
        <message>
            <source>{target}: quantiles</source>
            <translation>{target}：分位数</translation>
        </message>
        <message>
            <source>{target}: residuals</source>
            <translation>{target}：残差</translation>
        </message>
        <message>
            <source>{target}: simulations</source>
            <translation>{target}：模拟</translation>
        </message>
        <message>
            <source>{target}: standard deviation</source>
            <translation>{target}：标准差</translation>
        </message>
        <message>
            <source>{target}: upper bound ({level} %)</source>
            <translation>{target}：上界（{level}%）</translation>
        </message>
        <message>
            <source>{target}: upper end of the interval</source>
            <translation>{target}：区间上限</translation>
        </message>
        <message>
            <source>{target}: where to measure next</source>
            <translation>{target}：接下来在哪里测量</translation>
        </message>
        <message>
            <source>{tested}: in the blocks, the R² of GeoHG is not much lower, {after} instead of {before}.</source>
            <translation>{tested}：在留出分块中，GeoHG的R²没有明显降低，为{after}，而非{before}。</translation>
        </message>
        <message>
            <source>{tested}: in the blocks, the R² of GeoHG is {after} instead of {before}. Expect this accuracy far from measurements.</source>
            <translation>{tested}：在留出分块中，GeoHG的R²为{after}，而非{before}。在远离测量处，应预期这样的精度。</translation>
        </message>
        <message>
            <source>{what}, at line {line}, column {column}</source>
            <translation>{what}，位于第{line}行第{column}列</translation>
        </message>
        <message>
            <source>{what}, made {when}.</source>
            <translation>{what}，{when}。</translation>
        </message>
        <message>
            <source>{why}, and the free memory allows {most:,}; the cell size {size:g} makes {cells:,}. Use a cell size of at least {fits:.2g}, or {instead}: then the map is made in blocks.</source>
            <translation>{why}，而可用内存只容 {most:,} 个；单元大小 {size:g} 会产生 {cells:,} 个。请把单元大小设为至少 {fits:.2g}，或者{instead}：这样地图将分块制作。</translation>
        </message>
    </context>
</TS>
